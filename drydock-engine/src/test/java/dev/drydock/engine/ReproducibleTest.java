package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.oci.ImageConfigJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With SOURCE_DATE_EPOCH the same files give the same image, wherever and whenever they are built. */
class ReproducibleTest {
    private static final Instant EPOCH = Instant.ofEpochSecond(1_600_000_000);
    private static final Instant OLD = Instant.ofEpochSecond(1_500_000_000);

    private static final String DOCKERFILE = """
            FROM scratch AS base
            WORKDIR /work
            COPY dir dir/
            FROM base
            ADD archive.tar /unpacked/
            COPY --chown=5:6 --chmod=4750 dir/b /owned/
            COPY <<EOF /inline/text
            hello
            EOF
            COPY --link old /linked/
            COPY --from=base /work /again
            ENV A=1
            """;

    @TempDir
    Path directory;

    /** Builds in a process of its own: store, context. Prints the image ID. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            try (Drydock drydock = Drydock.open(Path.of(arguments[0]))) {
                BuildRequest usual = BuildRequest.of(Path.of(arguments[1]));
                BuildRequest request =
                        new RequestCopy(usual).withArgument("SOURCE_DATE_EPOCH", Long.toString(EPOCH.getEpochSecond()));
                System.out.println(drydock.build(request, _ -> {}).imageId());
            }
        }
    }

    private Path context(String name, List<String> files, Instant modified) throws IOException, InterruptedException {
        Path context = Files.createDirectory(directory.resolve(name));
        Files.createDirectory(context.resolve("dir"));
        for (String file : files) {
            Files.writeString(context.resolve(file), "content of " + file);
        }
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
        for (String file : files) {
            Files.setAttribute(context.resolve(file), "unix:mode", 0644);
            Files.setLastModifiedTime(context.resolve(file), FileTime.from(file.equals("old") ? OLD : modified));
        }
        Files.setAttribute(context.resolve("dir"), "unix:mode", 0755);
        Process tar = new ProcessBuilder(
                        "tar",
                        "-cf",
                        context.resolve("archive.tar").toString(),
                        "--sort=name",
                        "--mtime=@1700000000",
                        "-C",
                        context.toString(),
                        "dir")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return context;
    }

    private String build(String store, Path context, String mask, String zone)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "umask " + mask + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                directory.resolve(store).toString(),
                context.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TZ", zone);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.strip();
    }

    @Test
    void masksZonesOrdersAndClocksDoNotMatter() throws Exception {
        Requires.root();
        List<String> names = List.of("dir/a", "dir/b", "dir/c", "old");
        Path one = context("one", names, Instant.now());
        Path two = context("two", names.reversed(), Instant.now().minusSeconds(86_400));
        String first = build("store-1", one, "022", "UTC");
        String second = build("store-2", two, "077", "Pacific/Kiritimati");
        assertThat(second).isEqualTo(first);
        try (Drydock drydock = Drydock.open(directory.resolve("store-1"))) {
            BuiltFiles files = BuiltFiles.of(drydock, first);
            assertThat(files.all())
                    .allSatisfy((path, file) ->
                            assertThat(file.modified()).as(path).isEqualTo(path.equals("linked/old") ? OLD : EPOCH));
            assertThat(files.at("owned/b").toString()).isEqualTo("-4750 5:6 \"content of dir/b\"");
            var config = ImageConfigJson.read(drydock.rawConfig(dev.drydock.oci.Digest.parse(first)));
            assertThat(config.created()).isEqualTo(EPOCH);
            assertThat(config.history())
                    .allSatisfy(entry -> assertThat(entry.created()).isEqualTo(EPOCH));
        }
    }

    @Test
    void layersOfAnotherEpochAreOtherLayers() throws Exception {
        Requires.root();
        Path context = context("one", List.of("dir/a", "dir/b", "old"), Instant.now());
        try (Drydock drydock = Drydock.open(directory.resolve("store"))) {
            BuildRequest plain = BuildRequest.of(context);
            drydock.build(plain, _ -> {});
            BuildRequest clamped = new RequestCopy(plain).withArgument("SOURCE_DATE_EPOCH", "0");
            BuildResult result = drydock.build(clamped, _ -> {});
            BuiltFiles files = BuiltFiles.of(drydock, result.imageId().toString());
            assertThat(files.all())
                    .allSatisfy(
                            (path, file) -> assertThat(file.modified()).as(path).isEqualTo(Instant.EPOCH));
            assertThat(drydock.build(clamped, _ -> {})).isEqualTo(result);
        }
    }
}
