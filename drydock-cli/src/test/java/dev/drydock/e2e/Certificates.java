package dev.drydock.e2e;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority made for a test by {@code openssl}, and certificates that it signs. */
final class Certificates {
    private final Path directory;
    private final Pair authority;

    /** A certificate and its key, PEM. */
    record Pair(Path certificate, Path key) {}

    private Certificates(Path directory, Pair authority) {
        this.directory = directory;
        this.authority = authority;
    }

    static Certificates make(Path directory) throws IOException, InterruptedException {
        Requires.program("openssl");
        Files.createDirectories(directory);
        Pair pair = new Pair(directory.resolve("ca.crt"), directory.resolve("ca.key"));
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=test authority",
                "-keyout",
                pair.key.toString(),
                "-out",
                pair.certificate.toString());
        return new Certificates(directory, pair);
    }

    /** The authority's certificate. */
    Path authority() {
        return authority.certificate;
    }

    /** A certificate for names and addresses, as openssl writes them: {@code DNS:localhost,IP:127.0.0.1}. */
    Pair sign(String name, String alternatives, String key) throws IOException, InterruptedException {
        Pair pair = new Pair(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
        Path request = directory.resolve(name + ".csr");
        List<String> kind = key.equals("rsa")
                ? List.of("-newkey", "rsa:2048")
                : List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
        List<String> words = new ArrayList<>(List.of("req"));
        words.addAll(kind);
        words.addAll(
                List.of("-nodes", "-subj", "/CN=" + name, "-keyout", pair.key.toString(), "-out", request.toString()));
        openssl(words.toArray(String[]::new));
        Path extensions = Files.writeString(directory.resolve(name + ".ext"), "subjectAltName=" + alternatives + "\n");
        openssl(
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                request.toString(),
                "-CA",
                authority.certificate.toString(),
                "-CAkey",
                authority.key.toString(),
                "-CAcreateserial",
                "-extfile",
                extensions.toString(),
                "-out",
                pair.certificate.toString());
        return pair;
    }

    private static void openssl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("openssl"));
        all.addAll(List.of(words));
        new Command(all).run().ok();
    }
}
