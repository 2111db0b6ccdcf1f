package dev.drydock.layer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.CorruptData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerIndexFuzz {
    @FuzzTest
    void anyBytesAreAnIndexOrCorrupt(byte[] bytes) {
        try {
            for (LayerEntry entry : LayerIndex.parse(ByteBuffer.wrap(bytes))) {
                entry.hashCode();
            }
        } catch (CorruptData refused) {
            return;
        }
    }

    @Test
    void damagedIndexesAreAnIndexOrCorrupt() {
        List<LayerEntry> entries = List.of(
                LayerEntry.directory("a", 0755, 1, 2, 3),
                LayerEntry.symlink("a/b", "c", 1, 2, 3),
                new LayerEntry(
                        "f",
                        LayerEntry.Type.FILE,
                        0,
                        0,
                        0,
                        1,
                        1,
                        0,
                        0,
                        "",
                        false,
                        List.of(new Xattr("x", new byte[3])),
                        null));
        ByteBuffer good = IndexEncoder.encode(entries);
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.array().clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            anyBytesAreAnIndexOrCorrupt(bytes);
        }
    }
}
