package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.ImportRequest;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code drydock import}. */
final class ImportCommand implements Command {
    private static final int BUFFER = 1 << 16;
    private static final Duration CONNECT = Duration.ofSeconds(30);

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock import", "Import the contents from a tarball to create a filesystem image")
                .operands("file|URL|- [REPOSITORY[:TAG]]", new Arity(1, 2), OperandKind.FILE)
                .about(
                        "The archive holds a root file system: a tar, plain or compressed, from a file, a URL or standard "
                                + "input. It becomes an image with one layer. Prints the image's ID.")
                .alias("drydock image import", "drydock import")
                .flag(Flag.list(
                                "change",
                                "list",
                                "Apply Dockerfile instruction to the created image: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, "
                                        + "LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR")
                        .letter('c'))
                .flag(Flag.value("message", "string", "Set commit message for imported image")
                        .letter('m'))
                .flag(Flag.value("platform", "string", "Set the platform of the image (default: this host's)"))
                .flag(Upkeep.FLAG)
                .example(
                        "Make a base image of Debian's packages",
                        "mmdebstrap bookworm - | drydock import - debian:bookworm-slim")
                .example("Set what it runs", "drydock import -c 'CMD [\"sh\"]' rootfs.tar busybox:1.37")
                .build();
    }

    @Override
    public boolean addsToStore() {
        return true;
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        String source = arguments.operands().get(0);
        ImageRef name = null;
        if (arguments.operands().size() > 1) {
            name = name(arguments.operands().get(1));
        }
        Platform platform = platform(arguments.value("platform"));
        String message = arguments.value("message", "Imported from " + source);
        ImportRequest request = new ImportRequest(name, arguments.list("change"), message, platform);
        Digest id;
        try (Interruption _ = Interruption.ofThisThread();
                InputStream archive = open(source, session);
                Store store = session.store()) {
            id = store.importRootfs(archive, request);
        } catch (IOException e) {
            throw new CommandFailed("import " + source + ": " + reason(e));
        }
        session.out().println(id);
        return 0;
    }

    /** The JDK's client leaves out the words where the class says it all. */
    private static String reason(IOException e) {
        String message = e.getMessage();
        return switch (e) {
            case HttpTimeoutException _ -> "the server did not answer in time";
            case ConnectException _
            when message == null || message.isEmpty() -> "no connection: the server does not exist or does not listen";
            default -> FileProblem.of(e);
        };
    }

    private static ImageRef name(String text) {
        try {
            ImageRef name = ImageRef.parse(text);
            if (name.digest() != null) {
                throw new CommandFailed("refusing to create a tag with a digest reference");
            }
            return name.withDefaultTag();
        } catch (UserFault e) {
            throw new CommandFailed(e.text(), 1, e.hints());
        }
    }

    private static Platform platform(@Nullable String text) {
        try {
            return text == null ? Platform.host() : Platform.parse(text);
        } catch (UserFault e) {
            throw new CommandFailed(e.text(), 1, e.hints());
        }
    }

    private static InputStream open(String source, Session session) throws IOException, InterruptedException {
        if (source.equals("-")) {
            if (session.terminals().in()) {
                throw new CommandFailed(
                        "import -: standard input is a terminal",
                        1,
                        List.of("Pipe the archive in: mmdebstrap bookworm - | drydock import - NAME"));
            }
            return session.in();
        }
        if (source.startsWith("http://") || source.startsWith("https://")) {
            return fetch(source);
        }
        Path file = session.directory().resolve(source);
        if (!Files.exists(file)) {
            throw new CommandFailed("open " + source + ": no such file or directory");
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailed(
                    "read " + source + ": is a directory",
                    1,
                    List.of("Import takes an archive: tar -C " + source + " -c . | drydock import - NAME"));
        }
        return new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    private static InputStream fetch(String url) throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).build();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("import " + url + ": " + e.getMessage());
        }
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            client.shutdownNow();
            throw new CommandFailed("import " + url + ": the server answered " + response.statusCode());
        }
        return new java.io.FilterInputStream(response.body()) {
            @Override
            public void close() throws IOException {
                super.close();
                client.shutdownNow();
            }
        };
    }
}
