package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanUnitsTest {
    /** Against decimals of any size: 3 significant digits, half to even, no zeros at the end. */
    @Test
    void sizesAreRoundedAsDecimalsAre() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            long bytes = i < 12_000 ? i * 7L : (long) Math.pow(10, random.nextDouble() * 15);
            BigDecimal value = BigDecimal.valueOf(bytes);
            int unit = 0;
            MathContext three = new MathContext(3, RoundingMode.HALF_EVEN);
            while (value.round(three).compareTo(BigDecimal.valueOf(1000)) >= 0) {
                value = value.movePointLeft(3);
                unit++;
            }
            BigDecimal rounded = value.round(three);
            String expected =
                    (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString())
                            + List.of("B", "kB", "MB", "GB", "TB", "PB").get(unit);
            assertThat(HumanUnits.size(bytes)).as("%d bytes", bytes).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0B",
        "1,1B",
        "999,999B",
        "1000,1kB",
        "12288,12.3kB",
        "1073512,1.07MB",
        "72900000,72.9MB",
        "1020000000,1.02GB",
        "999999,1MB",
        "16400,16.4kB",
        "100000,100kB"
    })
    void sizes(long bytes, String expected) {
        assertThat(HumanUnits.size(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0,Less than a second", "1,1 second", "46,46 seconds", "60,About a minute", "600,10 minutes",
        "3600,About an hour", "10800,3 hours", "172799,2 days", "1206000,13 days", "1814400,3 weeks",
        "10368000,4 months", "63072000,2 years"
    })
    void ages(long seconds, String expected) {
        Instant now = Instant.parse("2026-11-23T17:00:00Z");
        assertThat(HumanUnits.since(now.minusSeconds(seconds), now)).isEqualTo(expected + " ago");
    }

    @Test
    void unknownDates() {
        assertThat(HumanUnits.since(null, Instant.EPOCH)).isEqualTo("N/A");
        assertThat(HumanUnits.since(Instant.EPOCH, Instant.now())).isEqualTo("N/A");
    }
}
