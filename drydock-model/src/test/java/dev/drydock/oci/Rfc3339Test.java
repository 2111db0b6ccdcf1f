package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Rfc3339Test {
    @Test
    void zerosAtTheEndOfTheFractionAreDropped() {
        assertThat(Rfc3339.format(Instant.ofEpochSecond(0))).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(Rfc3339.format(Instant.ofEpochSecond(0, 425_833_830))).isEqualTo("1970-01-01T00:00:00.42583383Z");
        assertThat(Rfc3339.format(Instant.ofEpochSecond(0, 1))).isEqualTo("1970-01-01T00:00:00.000000001Z");
    }

    @Test
    void offsetsAndLongFractionsAreRead() {
        assertThat(Rfc3339.parse("2026-11-23T17:19:54.42583383Z"))
                .isEqualTo(Instant.parse("2026-11-23T17:19:54.425833830Z"));
        assertThat(Rfc3339.parse("2026-11-23T17:19:54+02:30")).isEqualTo(Instant.parse("2026-11-23T14:49:54Z"));
        assertThat(Rfc3339.parse("2026-11-23T17:19:54.1234567899-01:00"))
                .isEqualTo(Instant.parse("2026-11-23T18:19:54.123456789Z"));
        assertThat(Rfc3339.parse("0001-01-01T00:00:00Z")).isEqualTo(Instant.parse("0001-01-01T00:00:00Z"));
    }

    @Test
    void anythingElseIsRefused() {
        for (String text : List.of(
                "",
                "2026",
                "2026-11-23",
                "2026-11-23T17:19:54",
                "2026-13-23T17:19:54Z",
                "2026-11-23T17:19:54.Z",
                "2026-11-23T17:19:54Zx",
                "2026-11-23T17:19:54+99:00",
                "2026-11-23 17:19:54Z",
                "2026-11-23T17:19:5٣Z")) {
            assertThatThrownBy(() -> Rfc3339.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void writingAgreesWithTheJdk() {
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(-1L << 32, 1L << 34), random.nextInt(1_000_000_000));
            assertThat(Instant.parse(Rfc3339.format(time))).isEqualTo(time);
            assertThat(Rfc3339.parse(time.toString())).isEqualTo(time);
        }
    }
}
