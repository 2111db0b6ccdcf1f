package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.PathBytes;
import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LayerIndexTest {
    private static List<LayerEntry> random(Random random, int count) {
        TreeMap<String, LayerEntry> entries = new TreeMap<>(PathBytes::compare);
        String[] names = {"a", "b", "a-b", "ü", PathBytes.decode(new byte[] {(byte) 0xFE}), "z"};
        while (entries.size() < count) {
            StringBuilder path = new StringBuilder(names[random.nextInt(6)]);
            for (int depth = random.nextInt(6); depth > 0; depth--) {
                path.append('/').append(names[random.nextInt(6)]);
            }
            String text = path.toString();
            LayerEntry entry = switch (random.nextInt(4)) {
                case 0 -> LayerEntry.whiteout(text);
                case 1 ->
                    LayerEntry.directory(text, random.nextInt(010000), -1, 7, random.nextLong())
                            .withOpaque(random.nextBoolean());
                case 2 -> LayerEntry.symlink(text, "../" + text, 1, 2, 3);
                default ->
                    LayerEntry.file(
                            text,
                            0644,
                            5,
                            6,
                            random.nextLong(1L << 40),
                            -5,
                            List.of(new Xattr("security.capability", new byte[] {1, (byte) 200})),
                            Digest.of(text.getBytes()));
            };
            entries.put(text, entry);
        }
        return new ArrayList<>(entries.values());
    }

    @Test
    void everythingComesBack() {
        List<LayerEntry> entries = random(new Random(3), 2000);
        LayerIndex index = LayerIndex.parse(IndexEncoder.encode(entries));
        assertThat(index).containsExactlyElementsOf(entries);
        for (LayerEntry entry : entries) {
            assertThat(index.find(entry.path())).contains(entry);
            assertThat(index.below(entry.path()))
                    .containsExactlyElementsOf(entries.stream()
                            .filter(each -> each.path().startsWith(entry.path() + "/"))
                            .toList());
        }
        assertThat(index.find("nothing")).isEmpty();
        assertThat(index.below("")).hasSize(2000);
        assertThat(index.below("nothing")).isEmpty();
        assertThat(LayerIndex.parse(IndexEncoder.encode(List.of()))).isEmpty();
    }

    @Test
    void entriesOutOfOrderAreRefused() {
        List<LayerEntry> entries = List.of(LayerEntry.whiteout("b"), LayerEntry.whiteout("a"));
        assertThatThrownBy(() -> LayerIndex.parse(IndexEncoder.encode(entries))).isInstanceOf(CorruptData.class);
    }
}
