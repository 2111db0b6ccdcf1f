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

    private Training() {}

    static void main() throws IOException {
        Path scratch = Files.createTempDirectory("drydock-training-");
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
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
            for (List<String> line : LINES) {
                List<String> words = new ArrayList<>(
                        List.of("--root", scratch.resolve("store").toString()));
                line.forEach(word -> words.add(word.equals(".") ? context.toString() : word));
                Commands.run(words, session);
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
