package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentPipelineTest {
    private static List<LayerEntry> files(long... sizes) {
        return IntStream.range(0, sizes.length)
                .mapToObj(i -> LayerEntry.file(
                        "f" + i,
                        0644,
                        0,
                        0,
                        sizes[i],
                        0,
                        List.of(),
                        Digest.of(Long.toString(sizes[i]).getBytes())))
                .toList();
    }

    private static List<Integer> ends(long... sizes) {
        List<LayerEntry> files = files(sizes);
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < files.size(); at = ends.getLast()) {
            ends.add(ContentPipeline.batchEnd(files, at));
        }
        return ends;
    }

    @Test
    void aLargeFileIsABatchOfItsOwn() {
        assertThat(ends(10, 3L << 30, 10, 10)).containsExactly(1, 2, 4);
        assertThat(ends(3L << 30, 10)).containsExactly(1, 2);
        assertThat(ends(512 * 1024, 0)).containsExactly(2);
    }

    @Test
    void handsOverFilesOfAllSizesInOrder(@TempDir Path directory) throws Exception {
        int[] sizes = {0, 1, 700_000, 300_000, 300_000, 300_000, 5, 2_000_000, 400_000};
        List<LayerEntry> entries = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            byte[] bytes = new byte[sizes[i]];
            java.util.Arrays.fill(bytes, (byte) (i + 1));
            Files.write(directory.resolve("f" + i), bytes);
            entries.add(LayerEntry.file("f" + i, 0644, 0, 0, sizes[i], 0, List.of(), Digest.of(bytes)));
        }
        List<String> seen = new ArrayList<>();
        try (var root = dev.drydock.linux.Directory.open(directory);
                ContentPipeline pipeline = new ContentPipeline(root, entries)) {
            for (LayerEntry entry : entries) {
                var sha = Digest.newSha256();
                pipeline.next(new ContentPipeline.Sink() {
                    @Override
                    public void begin(LayerEntry file) {
                        seen.add(file.path());
                    }

                    @Override
                    public void bytes(byte[] buffer, int offset, int length) {
                        sha.update(buffer, offset, length);
                    }

                    @Override
                    public void end(LayerEntry file) {
                        seen.add(Digest.sha256(sha.digest()).equals(entry.content()) ? "whole" : "damaged");
                    }
                });
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(entries.stream()
                        .flatMap(each -> java.util.stream.Stream.of(each.path(), "whole"))
                        .toList());
    }
}
