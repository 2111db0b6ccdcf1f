package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.house.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories in directories in directories, as far as stacks go and further. */
class DeepTreesTest {
    private static final int DEPTH = 1000;
    private static final String DOCKERFILE = "FROM scratch\nCOPY . /y/\n";

    @TempDir
    Path directory;

    private Drydock drydock;
    private Path project;

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
        project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), DOCKERFILE);
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private static String deep(int depth) {
        return "d/".repeat(depth) + "f";
    }

    private BuildRequest ofArchive(int depth) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (String name : new String[] {"Dockerfile", deep(depth)}) {
                byte[] text = DOCKERFILE.getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return (BuildRequest) new RequestCopy(BuildRequest.of(project))
                .with("context", new BuildContext.Stream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    @Test
    void aDeepDirectoryIsCopied() throws Exception {
        Path file = project.resolve(deep(DEPTH));
        Files.createDirectories(file.getParent());
        Files.writeString(file, "f");
        BuildResult result = drydock.build(BuildRequest.of(project), _ -> {});
        assertThat(BuiltFiles.of(drydock, result.imageId().toString()).all()).containsKey("y/" + deep(DEPTH));
    }

    @Test
    void whatIsDeeperThanPathsGoIsRefused() throws Exception {
        assertThatThrownBy(() -> drydock.build(ofArchive(20_000), _ -> {}))
                .isInstanceOf(UserFault.class)
                .hasMessage(
                        "unpack build context from standard input: an entry's name or link is 40001 characters long;"
                                + " paths have at most 4095");
    }
}
