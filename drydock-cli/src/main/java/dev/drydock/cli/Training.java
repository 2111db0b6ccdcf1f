package dev.drydock.cli;

import dev.drydock.cli.command.Commands;
import dev.drydock.cli.command.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs the usual commands once on a store of its own, so that the launcher learns which classes they load. The base image
 * has no shell: its RUN step is planned and started, and fails.
 */
final class Training {
    /** Stand for the archive's file and the registry's host. */
    private static final String ARCHIVE = "ARCHIVE";

    private static final String REGISTRY = "REGISTRY";

    private static final List<List<String>> LINES = List.of(
            List.of("--version"),
            List.of("images"),
            List.of("build", "--progress=plain", "-t", "training-base:1", "--target", "base", "."),
            List.of("build", "--progress=plain", "-t", "training:1", "."),
            List.of("build", "--progress=plain", "-t", "training:1", "."),
            List.of("build", "-q", "-t", "training:1", "."),
            List.of("build", "--progress=plain", "-t", "training:3", "--target", "run", "."),
            List.of("build", "--check", "."),
            List.of("build", "--call=outline", "."),
            List.of("tag", "training:1", "training:2"),
            List.of("images"),
            List.of("history", "training:1"),
            List.of("inspect", "training:1"),
            List.of("rmi", "training:2"),
            List.of("images", "--format", "{{.ID}}"),
            List.of("rmi", "training:1"),
            List.of("build", "--help"));

    /** After two of the lines above, which make the images. */
    private static final List<List<String>> TRANSFERS = List.of(
            LINES.get(0),
            LINES.get(2),
            LINES.get(3),
            List.of("save", "-o", ARCHIVE, "training:1"),
            List.of("load", "-q", "-i", ARCHIVE),
            List.of("load", "-i", ARCHIVE),
            List.of("tag", "training:1", REGISTRY + "/training:3"),
            List.of("push", REGISTRY + "/training:3"),
            List.of("rmi", "-f", "training:1", REGISTRY + "/training:3"),
            List.of("prune", "-a", "-f"),
            List.of("pull", REGISTRY + "/training:3"));

    private Training() {}

    /** @param words nothing, or {@code transfer} for the commands that move images */
    static void main(String[] words) throws IOException {
        boolean transfers = List.of(words).contains("transfer");
        Path scratch = Files.createTempDirectory("drydock-training-");
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
                TrainingRegistry registry = transfers ? TrainingRegistry.open() : null) {
            Path context = Files.createDirectory(scratch.resolve("context"));
            Files.writeString(context.resolve("Dockerfile"), """
                    ARG BASE=training-base:1
                    FROM scratch AS base
                    COPY hello /bin/
                    FROM $BASE AS files
                    WORKDIR /src
                    COPY . .
                    FROM $BASE AS run
                    LABEL a=b
                    RUN --mount=type=cache,target=/cache --mount=type=bind,target=/src true
                    FROM $BASE
                    ARG A=b
                    ENV A=$A
                    WORKDIR /app
                    COPY --from=files /src/hello /app/
                    COPY hello again /app/
                    USER 1000:1000
                    EXPOSE 80
                    ENTRYPOINT ["/app/hello"]
                    CMD ["hello"]
                    """);
            Files.writeString(context.resolve(".dockerignore"), "# none\n*.none\n");
            Files.writeString(context.resolve("hello"), "hello");
            Files.writeString(context.resolve("again"), "hello");
            Session session = Session.ofProcess(nowhere, nowhere);
            for (List<String> line : transfers ? TRANSFERS : LINES) {
                List<String> command = new ArrayList<>(
                        List.of("--root", scratch.resolve("store").toString()));
                for (String word : line) {
                    command.add(
                            switch (word) {
                                case "." -> context.toString();
                                case ARCHIVE -> scratch.resolve("archive").toString();
                                default -> registry == null ? word : word.replace(REGISTRY, registry.host());
                            });
                }
                Commands.run(command, session);
            }
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        System.exit(0);
    }
}
