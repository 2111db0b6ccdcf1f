package dev.drydock.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VictimsTest {
    private static final Victims.Choice USUAL = new Victims.Choice(false, _ -> true);
    private static final Victims.Choice ALL = new Victims.Choice(true, _ -> true);

    private static CacheUse layer(String id, long used, long size, String... parents) {
        return use(id, used, size, false, false, "regular", parents);
    }

    private static CacheUse use(
            String id, long used, long size, boolean inUse, boolean shared, String type, String... parents) {
        Instant at = Instant.ofEpochSecond(used);
        return new CacheUse(id, List.of(parents), at, at, 1, false, inUse, shared, size, id, type);
    }

    private static List<String> ids(List<CacheUse> uses) {
        return uses.stream().map(CacheUse::id).toList();
    }

    @Test
    void whatWasNotUsedForTheLongestTimeGoesFirstAndALayerAfterThoseOnIt() {
        List<CacheUse> cache = List.of(
                layer("base", 30, 10),
                layer("old", 10, 10, "base"),
                layer("young", 30, 10, "base"),
                layer("x", 20, 10));
        assertThat(ids(Victims.choose(cache, USUAL, 0))).containsExactly("old", "x", "young", "base");
        assertThat(ids(Victims.choose(cache, USUAL, 25))).containsExactly("old", "x");
        assertThat(ids(Victims.choose(cache, USUAL, 40))).isEmpty();
    }

    @Test
    void runningWorkSharedLayersAndHintsStay() {
        List<CacheUse> cache = List.of(
                use("running", 1, 10, true, false, "regular"),
                use("image", 1, 10, false, true, "regular"),
                use("hints", 1, 10, false, false, CacheUse.INTERNAL),
                use("mount", 1, 10, false, false, CacheUse.MOUNT),
                layer("below", 1, 10),
                use("above", 1, 10, true, false, "regular", "below"));
        assertThat(ids(Victims.choose(cache, USUAL, 0))).containsExactly("mount");
        assertThat(ids(Victims.choose(cache, ALL, 0))).containsExactlyInAnyOrder("mount", "image", "hints");
    }

    @Test
    void whatIsSharedCountsForNothing() {
        List<CacheUse> cache = List.of(use("image", 1, 100, false, true, "regular"), layer("own", 2, 10));
        assertThat(ids(Victims.choose(cache, ALL, 10))).isEmpty();
        assertThat(ids(Victims.choose(cache, ALL, 9))).containsExactly("image", "own");
    }

    @Test
    void aFilterNeverTakesALayerFromUnderAnother() {
        List<CacheUse> cache = List.of(layer("base", 30, 10), layer("top", 10, 10, "base"));
        Victims.Choice onlyBase = new Victims.Choice(true, use -> use.id().equals("base"));
        assertThat(Victims.choose(cache, onlyBase, 0)).isEmpty();
    }

    /** Random forests: what is chosen leaves no layer without what it stands on, and stops as soon as it may. */
    @Test
    void whatIsLeftIsWhole() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<CacheUse> cache = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String[] parents =
                        i > 0 && random.nextInt(4) > 0 ? new String[] {"l" + random.nextInt(i)} : new String[0];
                cache.add(use("l" + i, 100, 10, random.nextInt(10) == 0, false, "regular", parents));
            }
            long keep = random.nextInt(300);
            Set<String> gone = new HashSet<>(ids(Victims.choose(cache, USUAL, keep)));
            for (CacheUse use : cache) {
                if (!gone.contains(use.id())) {
                    assertThat(use.parents())
                            .as("seed %d, parents of %s", seed, use.id())
                            .noneMatch(gone::contains);
                }
            }
            if (keep > 0 && !gone.isEmpty()) {
                assertThat((30 - gone.size()) * 10L).as("seed %d", seed).isGreaterThan(keep - 10);
            }
        }
    }

    /** BuildKit's rules of reserved, maximum and free space; 9999 stands for no bound. */
    @ParameterizedTest
    @CsvSource({
        "0, 50, 0, 100, 1000, 50",
        "70, 50, 0, 100, 1000, 70",
        "30, 0, 0, 100, 1000, 30",
        "0, 0, 200, 100, 150, 50",
        "80, 0, 200, 100, 150, 80",
        "0, 40, 200, 100, 150, 40",
        "0, 90, 200, 100, 150, 50",
        "0, 0, 500, 100, 150, 0",
        "0, 0, 100, 100, 150, 9999",
    })
    void limits(long reserved, long maxUsed, long minFree, long cache, long free, long keep) {
        long kept = new Limits(reserved, maxUsed, minFree).keep(cache, free);
        assertThat(Math.min(kept, 9999)).isEqualTo(keep);
    }
}
