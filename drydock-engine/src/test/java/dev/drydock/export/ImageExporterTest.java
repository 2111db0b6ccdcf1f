package dev.drydock.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.Bug;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageExporterTest {
    private static final Instant BASE = Instant.ofEpochSecond(100);
    private static final Instant FIRST = Instant.ofEpochSecond(2000);
    private static final Instant SECOND = Instant.ofEpochSecond(2001);

    private static History entry(String by, @Nullable Instant created, boolean empty) {
        return new History(created, by, null, "buildkit.dockerfile.v0", empty);
    }

    private static Layer layer(Instant created) {
        return new Layer(
                new LayerId("layer1"), Path.of("fs"), Path.of("index"), Digest.of(new byte[0]), 1024, 0, created);
    }

    private static List<Instant> times(List<History> planned, Layer... layers) {
        return ImageExporter.history(planned, List.of(layers)).stream()
                .map(History::created)
                .toList();
    }

    @Test
    void layersTakeTheirOwnTimeAndEmptyEntriesThatOfTheEntryBefore() {
        assertThat(times(
                        List.of(
                                entry("ADD base", BASE, false),
                                entry("CMD base", BASE, true),
                                entry("ENV a=b", null, true),
                                entry("RUN one", null, false),
                                entry("USER x", null, true),
                                entry("COPY y", null, false),
                                entry("CMD z", null, true)),
                        layer(BASE),
                        layer(FIRST),
                        layer(SECOND)))
                .containsExactly(BASE, BASE, FIRST, FIRST, FIRST, SECOND, SECOND);
    }

    @Test
    void metadataOnTopOfABaseTakesTheTimeOfTheBase() {
        assertThat(times(List.of(entry("ADD base", BASE, false), entry("CMD x", null, true)), layer(BASE)))
                .containsExactly(BASE, BASE);
    }

    @Test
    void metadataAloneHasNoTime() {
        assertThat(times(List.of(entry("LABEL a=b", null, true)))).containsExactly((Instant) null);
    }

    @Test
    void aBaseWithoutHistoryGetsAnEntryForEachOfItsLayers() {
        List<History> history =
                ImageExporter.history(List.of(entry("RUN one", null, false)), List.of(layer(BASE), layer(FIRST)));
        assertThat(history).hasSize(2);
        assertThat(history.getLast()).isEqualTo(new History(FIRST, null, null, "buildkit.exporter.image.v0", false));
    }

    @Test
    void moreHistoryThanLayersIsABug() {
        assertThatThrownBy(() -> times(List.of(entry("RUN one", null, false)))).isInstanceOf(Bug.class);
    }
}
