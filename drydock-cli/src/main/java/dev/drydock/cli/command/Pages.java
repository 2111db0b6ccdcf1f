package dev.drydock.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Run by the build: writes completions, manual pages and the name of this build for the distribution. */
final class Pages {
    private static final int NAME_BYTES = 8;

    private Pages() {}

    /** {@code arguments}: the directory to write to, this module's jar, and the release's time. */
    static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        Path target = Path.of(arguments[0]);
        Path completions = Files.createDirectories(target.resolve("completions"));
        Files.writeString(completions.resolve("drydock.bash"), Completions.bash());
        Files.writeString(completions.resolve("_drydock"), Completions.zsh());
        Files.writeString(completions.resolve("drydock.fish"), Completions.fish());
        Path manual = Files.createDirectories(target.resolve("man").resolve("man1"));
        String date = arguments[2].substring(0, "2026-11-01".length());
        List<CommandSpec> specs = Completions.specs();
        for (CommandSpec spec : specs) {
            Files.writeString(manual.resolve(spec.path().replace(' ', '-') + ".1"), ManualPages.roff(spec, date));
        }
        Files.writeString(manual.resolve("drydock.1"), ManualPages.roffOfProgram(specs, date));
        Path lib = Files.createDirectories(target.resolve("lib"));
        Files.writeString(lib.resolve("build-id"), buildId(Path.of(arguments[1])) + "\n");
    }

    /** Names the bytes of all jars: the class-data archive of one build must never serve another. */
    private static String buildId(Path jar) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(jar));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isRegularFile(Path.of(entry))) {
                digest.update(Files.readAllBytes(Path.of(entry)));
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
    }
}
