package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The archive that the build makes, unpacked where people unpack things. */
class LauncherIT {
    private static final String JDK = System.getProperty("java.home");
    private static final String VERSION = "Drydock version ";

    private static Path shared;
    private Path top;

    /** An installation for the tests that do not care whether it was started before. */
    @BeforeAll
    static void install() throws Exception {
        Requires.program("tar");
        shared = Files.createTempDirectory("drydock-launcher-");
        unpack(shared.resolve("with a space"));
    }

    @AfterAll
    static void uninstall() throws Exception {
        if (shared != null) {
            Command.of("rm", "-rf", shared.toString()).run().ok();
        }
    }

    private static Path launcher() throws IOException {
        Path directory = shared.resolve("with a space");
        return directory.resolve(names(directory).getFirst()).resolve("bin/drydock");
    }

    @BeforeEach
    void directory() throws Exception {
        top = Files.createTempDirectory("drydock-launcher-");
        Command.of("chmod", "755", top.toString()).run().ok();
    }

    @AfterEach
    void remove() throws Exception {
        Command.of("rm", "-rf", top.toString()).run().ok();
    }

    /** The distribution's directory below {@code where}. */
    private static Path unpack(Path where) throws IOException, InterruptedException {
        Files.createDirectories(where);
        Path archive;
        try (Stream<Path> files = Files.list(Store.checkout().resolve("drydock-cli/target"))) {
            archive = files.filter(file -> file.getFileName().toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        Command.of("tar", "-xzf", archive.toString(), "-C", where.toString())
                .run()
                .ok();
        try (Stream<Path> files = Files.list(where)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static Command.Outcome version(Path launcher, String... environment) throws Exception {
        List<String> words = new ArrayList<>(List.of("env", "-i"));
        words.addAll(List.of(environment));
        words.addAll(List.of(launcher.toString(), "--version"));
        return new Command(words).run();
    }

    private static String path() {
        return "PATH=" + JDK + "/bin:/usr/bin:/bin";
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> archives(Path directory) throws IOException {
        return names(directory).stream().filter(name -> name.endsWith(".jsa")).toList();
    }

    @Test
    void theArchiveHasTheCheckoutsLayout() throws Exception {
        Path unpacked = unpack(top);
        assertThat(names(unpacked)).contains("LICENSE", "README.md", "bin", "completions", "lib", "man");
        assertThat(names(unpacked.resolve("bin")))
                .isEqualTo(names(Store.checkout().resolve("bin")));
        assertThat(names(unpacked.resolve("lib")))
                .contains("drydock-cli.jar", "build-id")
                .doesNotContain("cds");
    }

    @Test
    void itStartsFromAPathWithSpacesAndThroughLinks() throws Exception {
        Path launcher = launcher();
        assertThat(version(launcher, path(), "HOME=" + top).ok().out()).startsWith(VERSION);
        Path absolute = Files.createSymbolicLink(top.resolve("absolute link"), launcher);
        Path relative = Files.createSymbolicLink(top.resolve("relative"), Path.of("absolute link"));
        for (Path link : List.of(absolute, relative)) {
            assertThat(version(link, path(), "HOME=" + top).ok().out()).startsWith(VERSION);
        }
        // by name, from the PATH
        Files.createSymbolicLink(top.resolve("drydock"), launcher);
        Command byName = Command.of("env", "-i", path() + ":" + top, "HOME=" + top, "drydock", "--version");
        assertThat(byName.run().ok().out()).startsWith(VERSION);
        // and by a relative path
        Command here = Command.of("env", "-i", path(), "HOME=" + top, "./drydock", "--version")
                .in(launcher.getParent());
        assertThat(here.run().ok().out()).startsWith(VERSION);
    }

    @Test
    void ofTwoFirstStartsOneMakesTheClassDataArchive() throws Exception {
        Path unpacked = unpack(top);
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            starts.add(Command.of("env", "-i", path(), "HOME=" + top, unpacked + "/bin/drydock", "--version")
                    .start());
        }
        for (Process start : starts) {
            assertThat(new String(start.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith(VERSION);
            assertThat(start.waitFor()).isZero();
        }
        Path cds = unpacked.resolve("lib/cds");
        String id = Files.readString(unpacked.resolve("lib/build-id")).strip();
        assertThat(archives(cds)).hasSize(1);
        assertThat(names(cds)).containsExactlyInAnyOrder(".lock", archives(cds).getFirst(), id + ".start");
        FileTime made = Files.getLastModifiedTime(cds.resolve(archives(cds).getFirst()));
        // another PATH: the JDK is looked for again, the archive stays
        assertThat(version(unpacked.resolve("bin/drydock"), path() + ":/sbin", "HOME=" + top)
                        .ok()
                        .out())
                .startsWith(VERSION);
        assertThat(Files.getLastModifiedTime(cds.resolve(archives(cds).getFirst())))
                .isEqualTo(made);
        // and it is one that the JVM takes
        Command.of(
                        JDK + "/bin/java",
                        "-Xshare:on",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:SharedArchiveFile=" + cds.resolve(archives(cds).getFirst()),
                        "-cp",
                        unpacked + "/lib/drydock-cli.jar",
                        "dev.drydock.cli.Main",
                        "--version")
                .run()
                .ok();
    }

    @Test
    void aReadOnlyInstallationServesAPlainUser() throws Exception {
        Path unpacked = unpack(top);
        try (PlainUser user = PlainUser.create(PlainUser.Ids.ONE)) {
            String launcher = unpacked + "/bin/drydock";
            assertThat(user.bare("HOME=" + user.home(), path(), launcher, "--version")
                            .run()
                            .ok()
                            .out())
                    .startsWith(VERSION);
            assertThat(archives(user.home().resolve(".cache/drydock"))).hasSize(1);
            assertThat(unpacked.resolve("lib/cds")).doesNotExist();
            // without a home nothing is kept, and nothing is missing
            Command.Outcome homeless =
                    user.bare(path(), launcher, "--version").run().ok();
            assertThat(homeless.out()).startsWith(VERSION);
            assertThat(homeless.err()).isEmpty();
            // the store is the user's, with HOME and without, and whether the command needs a namespace or not
            user.bare(path(), launcher, "images").run().ok();
            assertThat(user.home().resolve(".local/share/drydock/drydock.db")).exists();
            user.bare(path(), launcher, "rmi", "none").run();
            user.bare(path(), "HOME=" + user.home() + "/other", launcher, "images")
                    .run()
                    .ok();
            user.bare(path(), "HOME=" + user.home() + "/other", launcher, "rmi", "none")
                    .run();
            assertThat(names(user.home().resolve("other/.local/share"))).containsExactly("drydock");
            user.bare(path(), "XDG_DATA_HOME=" + user.home() + "/data", launcher, "images")
                    .run()
                    .ok();
            assertThat(user.home().resolve("data/drydock/drydock.db")).exists();
        }
        assertThat(Path.of("/nonexistent")).doesNotExist();
    }

    @Test
    void anOldOrWrongJavaHomeIsPassedOver() throws Exception {
        Path launcher = launcher();
        Path old = Files.createDirectories(top.resolve("old-jdk/bin")).getParent();
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        Files.createSymbolicLink(old.resolve("bin/java"), Path.of("/bin/false"));
        for (String home : List.of(old.toString(), "/nowhere", "/etc/passwd")) {
            assertThat(version(launcher, path(), "HOME=" + top, "JAVA_HOME=" + home)
                            .ok()
                            .out())
                    .startsWith(VERSION);
        }
        // a new one is taken though the PATH has none
        assertThat(version(launcher, "PATH=/usr/bin:/bin", "HOME=" + top, "DRYDOCK_JVM_DIR=" + top, "JAVA_HOME=" + JDK)
                        .ok()
                        .out())
                .startsWith(VERSION);
    }

    @Test
    void aJdkThatIsGoneIsLookedForAgain() throws Exception {
        Path launcher = launcher();
        Path jdk = Files.createSymbolicLink(top.resolve("jdk"), Path.of(JDK));
        String[] environment = {"PATH=/usr/bin:/bin", "HOME=" + top, "DRYDOCK_JVM_DIR=" + top};
        assertThat(version(launcher, environment).ok().out()).startsWith(VERSION);
        Files.delete(jdk);
        Files.createSymbolicLink(top.resolve("jdk-again"), Path.of(JDK));
        assertThat(version(launcher, environment).ok().out()).startsWith(VERSION);
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Path launcher = launcher();
        Path programs = Files.createDirectories(top.resolve("programs"));
        for (String program : List.of("sh", "readlink", "dirname", "id")) {
            Files.createSymbolicLink(programs.resolve(program), Requires.program(program));
        }
        Command.Outcome outcome = version(launcher, "PATH=" + programs, "DRYDOCK_JVM_DIR=" + programs);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("drydock: find Java: no JDK 25 or newer")
                .contains("Install one")
                .contains("JAVA_HOME")
                .hasLineCount(2);
    }

    /** The jars of a build carry the release's time, which is before every commit. */
    @Test
    void aCheckoutIsBuiltOnceAndAfterCommits() throws Exception {
        Path checkout = Files.createDirectories(top.resolve("checkout"));
        Command.of("cp", "-R", Store.checkout().resolve("bin").toString(), checkout.toString())
                .run()
                .ok();
        Path commits = Files.createDirectories(checkout.resolve(".git/logs")).resolve("HEAD");
        Files.writeString(commits, "");
        Path unpacked = unpack(top.resolve("built"));
        Path maven = Files.writeString(checkout.resolve("mvnw"), """
                #!/bin/sh
                echo built >> builds
                mkdir -p drydock-cli/target/dist
                rm -rf drydock-cli/target/dist/drydock
                cp -R -p '%s' drydock-cli/target/dist/drydock
                """.formatted(unpacked));
        Command.of("chmod", "755", maven.toString()).run().ok();
        Path launcher = checkout.resolve("bin/drydock");
        String[] environment = {path(), "HOME=" + top};
        assertThat(version(launcher, environment).ok().err()).contains("building it first");
        assertThat(version(launcher, environment).ok().err()).isEmpty();
        assertThat(checkout.resolve("builds")).hasContent("built\n");
        Files.setLastModifiedTime(commits, FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(version(launcher, environment).ok().out()).startsWith(VERSION);
        assertThat(checkout.resolve("builds")).hasContent("built\nbuilt\n");
    }
}
