package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.linux.Directory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What extended attributes come to. As measured with BuildKit: layers carry file capabilities and nothing else; files of a
 * directory of the caller's lose even those, files of archives and of other stages keep them.
 */
class ContextAttributesTest {
    private static final String CAPABILITY = "security.capability";
    private static final byte[] RAW_NETWORK = {1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final String DOCKERFILE = """
            FROM scratch AS one
            COPY cap /copied/
            ADD in.tar /added/
            FROM scratch
            COPY --from=one / /
            COPY cap /here/
            ADD --chown=5:6 in.tar /owned/
            """;

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
        Files.writeString(project.resolve("cap"), "program");
        Files.write(project.resolve("in.tar"), archive(Map.of("cap", "program".getBytes(StandardCharsets.UTF_8))));
        try (Directory opened = Directory.open(project.toString())) {
            opened.xattrs("cap").set(CAPABILITY, RAW_NETWORK);
            opened.xattrs("cap").setIfKept("user.mine", new byte[] {'x'});
            opened.xattrs("cap").setIfKept("trusted.mine", new byte[] {'x'});
        }
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    /** Every file with three attributes. */
    private static byte[] archive(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                entry.addPaxHeader("SCHILY.xattr." + CAPABILITY, new String(RAW_NETWORK, StandardCharsets.US_ASCII));
                entry.addPaxHeader("SCHILY.xattr.user.mine", "x");
                entry.addPaxHeader("SCHILY.xattr.trusted.mine", "x");
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private BuiltFiles built(BuildRequest request) throws IOException, InterruptedException {
        return BuiltFiles.of(drydock, drydock.build(request, _ -> {}).imageId().toString());
    }

    private BuildRequest ofArchive() throws IOException {
        byte[] context = archive(Map.of(
                "Dockerfile", Files.readAllBytes(project.resolve("Dockerfile")),
                "cap", Files.readAllBytes(project.resolve("cap")),
                "in.tar", Files.readAllBytes(project.resolve("in.tar"))));
        return (BuildRequest) new RequestCopy(BuildRequest.of(project))
                .with("context", new BuildContext.Stream(new ByteArrayInputStream(context)));
    }

    @Test
    void aDirectoryGivesNoneAndAnArchiveItsCapabilities() throws Exception {
        BuiltFiles files = built(BuildRequest.of(project));
        assertThat(files.attributes("copied/cap")).isEmpty();
        assertThat(files.attributes("here/cap")).isEmpty();
        assertThat(files.attributes("added/cap")).containsExactly(CAPABILITY);
        assertThat(files.attributes("owned/cap")).containsExactly(CAPABILITY);
    }

    /** The same content with other capabilities is another file, also for the cache. */
    @Test
    void filesOfAnArchiveContextKeepTheirCapabilities() throws Exception {
        built(BuildRequest.of(project));
        BuiltFiles files = built(ofArchive());
        for (String path : new String[] {"copied/cap", "here/cap", "added/cap", "owned/cap"}) {
            assertThat(files.attributes(path)).as(path).containsExactly(CAPABILITY);
        }
        assertThat(built(BuildRequest.of(project)).attributes("here/cap")).isEmpty();
    }

    @Test
    void aNamedDirectoryGivesNone() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY --from=lib cap /\n");
        TreeMap<String, NamedSource> named = new TreeMap<>(Map.of("lib", new NamedSource.Directory(project)));
        assertThat(built((BuildRequest) new RequestCopy(BuildRequest.of(project)).with("namedContexts", named))
                        .attributes("cap"))
                .isEmpty();
    }
}
