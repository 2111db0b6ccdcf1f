package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.house.Requires;
import dev.drydock.layer.Compressor.Form;
import dev.drydock.layer.Compressor.Kind;
import dev.drydock.snapshot.IndexFile;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerFacts;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a layer's stream is checked by when it is written again. */
class TarWriterTest {
    private static final int LARGE = 1_700_000;

    @TempDir
    Path temp;

    private LayerStore store;
    private Path tmp;

    @BeforeEach
    void open() throws Exception {
        store = new LayerStore(temp.resolve("store"));
        tmp = Files.createDirectories(temp.resolve("store/tmp"));
    }

    private Layer layer() throws Exception {
        try (PendingLayer pending = store.begin(tmp)) {
            byte[] large = new byte[LARGE];
            new Random(1).nextBytes(large);
            Files.write(pending.fs().resolve("large"), large);
            Files.writeString(pending.fs().resolve("small"), "text");
            return LayerDiff.commit(pending, Snapshot.EMPTY, List.of(), LayerTimes.of(Instant.EPOCH));
        }
    }

    private static byte[] written(Layer layer, Kind kind) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Compressor compressor = new Compressor();
                OutputStream compressed = compressor.open(out, Form.of(kind))) {
            TarWriter.write(layer, compressed);
        }
        return out.toByteArray();
    }

    private static void change(Layer layer, String name, long at) throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(layer.fs().resolve(name).toFile(), "rw")) {
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before ^ 4);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneBitThatChangedIsNoticed(Kind kind) throws Exception {
        for (String name : List.of("large", "small")) {
            Layer layer = layer();
            written(layer, kind);
            change(layer, name, name.equals("large") ? LARGE - 1 : 0);
            assertThatThrownBy(() -> written(layer, kind))
                    .isInstanceOf(CorruptData.class)
                    .hasMessageContaining("have changed");
        }
    }

    @Test
    void theIndexKnowsTheChecksumOfTheStream() throws Exception {
        Layer layer = layer();
        CRC32 crc = new CRC32();
        crc.update(written(layer, Kind.NONE));
        assertThat(IndexFile.tarCrc(layer)).isEqualTo(crc.getValue());
        assertThat(IndexFile.tarCrc(store.find(layer.id()).orElseThrow())).isEqualTo(crc.getValue());
    }

    /** Layers of earlier versions, and those that came as an archive, are checked by their diff ID. */
    @Test
    void aLayerWithoutAChecksumIsCheckedToo() throws Exception {
        Layer made = layer();
        try (PendingLayer pending = store.begin(tmp)) {
            Files.copy(made.fs().resolve("large"), pending.fs().resolve("large"));
            Files.copy(made.fs().resolve("small"), pending.fs().resolve("small"));
            ByteBuffer index = IndexFile.body(made);
            Layer layer = pending.commit(
                    new LayerFacts(made.diffId(), made.tarSize(), made.size(), made.created(), LayerFacts.UNKNOWN),
                    index);

            assertThat(IndexFile.tarCrc(layer)).isEqualTo(LayerFacts.UNKNOWN);
            assertThat(written(layer, Kind.GZIP)).isEqualTo(written(made, Kind.GZIP));
            change(layer, "large", 100);
            assertThatThrownBy(() -> written(layer, Kind.GZIP)).isInstanceOf(CorruptData.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77, 512 * 1024, 3 * 512 * 1024 + 77})
    void checksumsOfMembersMakeThatOfTheWhole(int size) throws Exception {
        Requires.that(Libdeflate.isAvailable(), "needs libdeflate for this machine");
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        CRC32 whole = new CRC32();
        whole.update(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Compressor compressor = new Compressor();
                GzipMembers members = (GzipMembers) compressor.open(out, Form.of(Kind.GZIP))) {
            members.write(bytes);
            assertThat(members.crc32()).isEqualTo(whole.getValue());
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            assertThat(plain.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void checksumsJoinAtAnyPlace() {
        byte[] bytes = new byte[5000];
        new Random(3).nextBytes(bytes);
        CRC32 whole = new CRC32();
        whole.update(bytes);
        for (int cut : new int[] {0, 1, 2, 255, 2048, 4999, 5000}) {
            CRC32 first = new CRC32();
            first.update(bytes, 0, cut);
            CRC32 second = new CRC32();
            second.update(bytes, cut, bytes.length - cut);
            assertThat(Crc.join((int) first.getValue(), (int) second.getValue(), bytes.length - cut))
                    .isEqualTo((int) whole.getValue());
        }
    }
}
