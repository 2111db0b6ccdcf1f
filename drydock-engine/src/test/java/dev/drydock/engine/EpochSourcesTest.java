package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.source.GitServer;
import dev.drydock.source.WebServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SOURCE_DATE_EPOCH that names a source: the image gets the time that the source really has. */
class EpochSourcesTest {
    private static final String MODIFIED = "Tue, 15 Nov 1994 12:45:26 GMT";
    private static final Instant NEWEST = Instant.ofEpochSecond(1_100_000_000);

    @TempDir
    Path directory;

    private static @Nullable Instant created(Drydock drydock, BuildRequest request) throws Exception {
        BuildResult built = drydock.build(request, _ -> {});
        return ImageConfigJson.read(drydock.rawConfig(built.imageId())).created();
    }

    /** An archive of two files, the younger of which is as old as {@link #NEWEST}. */
    private byte[] archive() throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.writeString(files.resolve("Dockerfile"), "FROM scratch\nCOPY a /\n");
        Files.writeString(files.resolve("a"), "a");
        for (String touch : new String[] {"Dockerfile @1000000000", "a @" + NEWEST.getEpochSecond(), ". now"}) {
            String[] words = touch.split(" ");
            run("touch", "-d", words[1], files.resolve(words[0]).toString());
        }
        Path tar = directory.resolve("files.tar");
        run("tar", "-cf", tar.toString(), "-C", files.toString(), ".");
        return Files.readAllBytes(tar);
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void theContextHasTheTimeOfItsCommitFileOrYoungestEntry() throws Exception {
        Requires.root();
        Requires.program("git");
        byte[] tar = archive();
        BuildRequest any = new RequestCopy(BuildRequest.of(directory)).withArgument("SOURCE_DATE_EPOCH", "context");
        try (GitServer git = GitServer.start(directory.resolve("srv"));
                WebServer web = WebServer.start();
                Drydock drydock = Drydock.open(directory.resolve("store"))) {
            Path work = git.repository("repo");
            Files.writeString(work.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /d\n");
            git.commit(work, "first");
            Instant committed = Instant.ofEpochSecond(Long.parseLong(new String(
                            new ProcessBuilder("git", "-C", work.toString(), "log", "-1", "--format=%ct")
                                    .start()
                                    .getInputStream()
                                    .readAllBytes(),
                            StandardCharsets.UTF_8)
                    .strip()));
            web.file("/dated.tar", tar, "", MODIFIED);
            web.file("/plain.tar", tar, "", "");

            var repository = dev.drydock.frontend.GitSource.parse(git.url("repo.git"));
            assertThat(created(drydock, new RequestCopy(any).with("context", new BuildContext.Repository(repository))))
                    .isEqualTo(committed);
            assertThat(created(
                            drydock, new RequestCopy(any).with("context", new BuildContext.Web(web.url("/dated.tar")))))
                    .isEqualTo(Instant.parse("1994-11-15T12:45:26Z"));
            assertThat(created(
                            drydock, new RequestCopy(any).with("context", new BuildContext.Web(web.url("/plain.tar")))))
                    .isEqualTo(NEWEST);
            assertThat(created(
                            drydock,
                            new RequestCopy(any)
                                    .with("context", new BuildContext.Stream(new ByteArrayInputStream(tar)))))
                    .isEqualTo(NEWEST);
            Instant before = Instant.now().minusSeconds(60);
            assertThat(created(
                            drydock,
                            new RequestCopy(any)
                                    .with("context", new BuildContext.Directory(directory.resolve("files")))))
                    .as("a directory has no time of its own")
                    .isAfter(before);
        }
    }
}
