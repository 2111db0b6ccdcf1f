package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.snapshot.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with holes, and zeros that had better become some. */
class SparseFileTest {
    @TempDir
    Path temp;

    private UnpackingStore store;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        store = new UnpackingStore(temp);
    }

    private static LayerEntry entry(Layer layer, String path) {
        return LayerIndex.of(layer).find(path).orElseThrow();
    }

    @Test
    void zerosTakeNoRoom() throws Exception {
        long size = 512L << 20;
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bomb, 1 << 16)) {
            zip.write(new RawTar()
                    .header(RawTar.bytes("zeros"), '0', 0644, 0, "", size, new byte[0])
                    .open());
            byte[] zeros = new byte[1 << 20];
            for (long at = 0; at < size; at += zeros.length) {
                zip.write(zeros);
            }
            zip.write(new RawTar().file("after", "x").done());
        }
        assertThat(bomb.size()).isLessThan(1 << 20);

        Layer layer = store.unpack(bomb.toByteArray());

        Path zeros = layer.fs().resolve("zeros");
        assertThat(Files.size(zeros)).isEqualTo(size);
        assertThat(allocated(zeros)).isLessThan(1 << 20);
        assertThat(layer.fs().resolve("after")).hasContent("x");
    }

    private static long allocated(Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes()).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1", "--sparse-version=1.0"})
    void sparseFilesOfGnuTar(String how) throws Exception {
        Requires.program("tar");
        Path source = Files.createDirectory(temp.resolve("source"));
        Path file = source.resolve("a name that is long enough to be cut " + "x".repeat(90));
        try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 1; i <= 40; i++) { // more parts than one header holds
                out.seek(i * 1_000_000L);
                out.write(RawTar.bytes("part " + i));
            }
            out.setLength(50_000_000);
        }
        Files.writeString(source.resolve("zz"), "after it");
        List<String> words = new ArrayList<>(List.of("tar", "-C", source.toString(), "--sparse"));
        words.addAll(how.startsWith("--format") ? List.of(how) : List.of("--format=pax", how));
        words.addAll(List.of("-c", "."));
        byte[] tar = output(words);
        assertThat(tar.length).isLessThan(2_000_000);

        Layer layer = store.unpack(tar);

        Path copy = layer.fs().resolve(file.getFileName());
        assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
        assertThat(allocated(copy)).isLessThan(5_000_000);
        assertThat(entry(layer, file.getFileName().toString()).size()).isEqualTo(50_000_000);
        assertThat(layer.fs().resolve("zz")).hasContent("after it");
    }

    private static byte[] output(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void sparseMapsThatMakeNoSenseAreRefused() {
        for (String map : List.of("5,5,0,5", "0,100", "0,10,5,10", "-1,5", "0", "x,y", "0,99999999999999999999")) {
            store.refused(
                    new RawTar()
                            .pax("GNU.sparse.size", "50", "GNU.sparse.map", map)
                            .file("s", "1234567890")
                            .done(),
                    "sparse file");
        }
        store.refused(
                new RawTar()
                        .pax("GNU.sparse.size", "99999999999999999", "GNU.sparse.map", "0,1")
                        .file("s", "1")
                        .done(),
                "the most is");
        store.refused(new RawTar().pax("GNU.sparse.size", "-5").file("s", "").done(), "damaged");
        store.refused(
                new RawTar()
                        .pax("GNU.sparse.major", "2", "GNU.sparse.minor", "0")
                        .file("s", "")
                        .done(),
                "unknown version");
        store.refused(
                new RawTar()
                        .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "9")
                        .file("s", "3\n1\n")
                        .done(),
                "");
    }
}
