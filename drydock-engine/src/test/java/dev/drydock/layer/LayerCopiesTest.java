package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One stream on several bases: which copy belongs on which. */
class LayerCopiesTest {
    @TempDir
    Path directory;

    private LayerStore layers;
    private Path tmp;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        layers = new LayerStore(directory.resolve("store"));
        tmp = Files.createDirectories(directory.resolve("tmp"));
    }

    /** As an image's layers are unpacked: on nothing, and then told what lies below. */
    private Layer unpack(byte[] tar, Snapshot below) throws Exception {
        try (PendingLayer pending = layers.begin(tmp)) {
            LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
            LayerUnpacker.Unpacked stream = LayerUnpacker.unpack(
                    "layer", new ByteArrayInputStream(tar), pending, Snapshot.EMPTY, builder, UnpackRules.layer());
            return builder.commitAs(stream, below, Instant.EPOCH);
        }
    }

    private Snapshot base(int mode) throws Exception {
        return Snapshot.EMPTY.with(
                unpack(new RawTar().directory("d", mode).file("d/b" + mode, "b").done(), Snapshot.EMPTY));
    }

    private static void belong(List<Layer> copies, List<Snapshot> bases) {
        for (int i = 0; i < bases.size(); i++) {
            assertThat(new LayerCopies(copies).madeOn(bases.get(i))).contains(copies.get(i));
            assertThat(new LayerCopies(copies.reversed()).madeOn(bases.get(i))).contains(copies.get(i));
        }
    }

    @Test
    void directoriesThatTheStreamDoesNotNameTell() throws Exception {
        List<Snapshot> bases = List.of(base(0700), base(0751), Snapshot.EMPTY);
        byte[] tar = new RawTar().directory("own", 0711).file("d/x", "x").done();
        List<Layer> copies = List.of(unpack(tar, bases.get(0)), unpack(tar, bases.get(1)), unpack(tar, bases.get(2)));
        assertThat(copies)
                .extracting(Layer::diffId)
                .containsOnly(copies.getFirst().diffId());
        belong(copies, bases);
        assertThat(new LayerCopies(copies).madeOn(base(0555))).as("none was").isEmpty();
    }

    @Test
    void whatIsHiddenTells() throws Exception {
        Snapshot one = Snapshot.EMPTY.with(
                unpack(new RawTar().file("a", "a").directory("d", 0755).done(), Snapshot.EMPTY));
        Snapshot two = Snapshot.EMPTY.with(unpack(new RawTar().file("b", "b").done(), Snapshot.EMPTY));
        byte[] tar = new RawTar()
                .file(".wh..wh..opq", "")
                .directory("d", 0755)
                .file("d/x", "x")
                .done();
        belong(List.of(unpack(tar, one), unpack(tar, two)), List.of(one, two));
    }

    @Test
    void whatIsTheSameNeedsNotBeTold() throws Exception {
        byte[] tar = new RawTar().directory("e", 0755).file("e/x", "x").done();
        List<Layer> copies = List.of(unpack(tar, base(0700)), unpack(tar, base(0751)));
        assertThat(new LayerCopies(copies).madeOn(Snapshot.EMPTY)).contains(copies.getFirst());
        assertThat(new LayerCopies(copies.subList(1, 2)).madeOn(base(0700))).contains(copies.getLast());
    }
}
