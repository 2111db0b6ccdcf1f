package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarPiecesTest {
    private static LayerEntry file(String path, long size, @Nullable Digest content) {
        return LayerEntry.file(path, 0644, 0, 0, size, 0, List.of(), Digest.of(new byte[0]))
                .with(List.of(), content);
    }

    private static List<Integer> ends(long... sizes) {
        List<LayerEntry> files = IntStream.range(0, sizes.length)
                .mapToObj(i -> file("f" + i, sizes[i], null))
                .toList();
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < files.size(); at = ends.getLast()) {
            ends.add(TarPieces.batchEnd(files, at));
        }
        return ends;
    }

    @Test
    void aLargeFileIsABatchOfItsOwn() {
        assertThat(ends(10, 3L << 30, 10, 10)).containsExactly(1, 2, 4);
        assertThat(ends(3L << 30, 10)).containsExactly(1, 2);
        assertThat(ends(512 * 1024, 0)).containsExactly(2);
    }

    private static final class Collected implements TarPieces.Sink {
        private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        private final List<LayerEntry> entries = new ArrayList<>();

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            stream.write(buffer, offset, length);
        }

        @Override
        public void written(LayerEntry entry) {
            entries.add(entry);
        }
    }

    private static Collected collected(Path directory, List<LayerEntry> entries) throws InterruptedException {
        Collected all = new Collected();
        try (Directory root = Directory.open(directory);
                TarPieces pieces = new TarPieces(root, entries)) {
            boolean more = pieces.next(all);
            while (more) {
                more = pieces.next(all);
            }
        }
        return all;
    }

    /** Headers, bytes and padding one after the other, made without any of the code that is tested. */
    @Test
    void handsOverEntriesOfAllKindsAndSizesInOrder(@TempDir Path directory) throws Exception {
        int[] sizes = {0, 1, 700_000, 300_000, 300_000, 300_000, 5, 2_000_000, 400_000, 512, 511, 513, 613_888, 613_889
        };
        List<LayerEntry> unknown = new ArrayList<>();
        List<LayerEntry> known = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            int size = i < sizes.length ? sizes[i] : 4096 + i % 3 - 1;
            LayerEntry folder = LayerEntry.directory("d" + i, 0755, 0, 0, i);
            LayerEntry link = LayerEntry.symlink("d" + i + "/a", "é".repeat(i), 0, 0, i); // long PAX headers
            byte[] bytes = new byte[size];
            Arrays.fill(bytes, (byte) (i + 1));
            Files.createDirectory(directory.resolve(folder.path()));
            String path = "d" + i + "/f";
            Files.write(directory.resolve(path), bytes);
            unknown.addAll(List.of(folder, link, file(path, size, null)));
            known.addAll(List.of(folder, link, file(path, size, Digest.of(bytes))));
            expected.writeBytes(TarHeader.encode(folder));
            expected.writeBytes(TarHeader.encode(link));
            expected.writeBytes(TarHeader.encode(known.getLast()));
            expected.writeBytes(bytes);
            expected.writeBytes(new byte[(512 - size % 512) % 512]);
        }
        for (List<LayerEntry> entries : List.of(unknown, known)) {
            Collected all = collected(directory, entries);
            assertThat(Digest.of(all.stream.toByteArray())).isEqualTo(Digest.of(expected.toByteArray()));
            assertThat(all.entries).isEqualTo(known);
        }
    }

    @Test
    void aFileThatIsShorterThanItWasIsNoContent(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("small"), new byte[10]);
        Files.write(directory.resolve("large"), new byte[3_000_000]);
        for (LayerEntry entry : List.of(file("small", 11, null), file("large", 3_000_001, null))) {
            assertThatThrownBy(() -> collected(directory, List.of(entry)))
                    .isInstanceOf(CorruptData.class)
                    .hasMessageContaining("its length changed");
        }
    }
}
