package dev.drydock.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheStoreTest {
    @TempDir
    Path root;

    private final Set<String> layers = new HashSet<>();
    private Database database;
    private Lease lease;
    private Claims claims;
    private CacheStore cache;

    @BeforeEach
    void open() {
        database = Database.open(root);
        lease = Lease.open(root);
        claims = Claims.open(database, lease);
        cache = new CacheStore(
                database, claims, layers::contains, Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        lease.close();
        database.close();
    }

    private static Digest key(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private CacheRecord add(List<Digest> keys, List<List<String>> outputs, String slot, Map<String, String> parts) {
        return cache.add(
                new CacheStore.Made(slot, "regular"),
                key("identity of " + slot),
                keys,
                outputs,
                List.of("text of " + slot, slot),
                parts);
    }

    private List<String> claimed() {
        return database.read(tx -> claims.refs(tx, Claims.Kind.LAYER));
    }

    @Test
    void aRecordIsFoundByEveryKeyAsItWasAdded() {
        layers.addAll(List.of("layer1", "layer2", "layer3"));
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("command", "make");
        parts.put("environment variable Ä", "");
        List<List<String>> outputs = List.of(List.of("layer1", "layer2"), List.of(), List.of("layer3"));
        CacheRecord added = add(List.of(key("a"), key("b")), outputs, "Dockerfile build 3", parts);
        cache.addKey(added, key("c"));
        for (String key : List.of("a", "b", "c")) {
            CacheRecord found = cache.find(key(key)).orElseThrow();
            assertThat(found.id()).isEqualTo(added.id());
            assertThat(found.identity()).isEqualTo(added.identity());
            assertThat(found.outputs()).isEqualTo(outputs);
            assertThat(found.keys()).containsExactly(key("a"), key("b"), key("c"));
        }
        assertThat(added.outputs()).isEqualTo(outputs);
        assertThat(cache.find(key("a")).orElseThrow().parts()).containsExactlyEntriesOf(parts);
        assertThat(cache.find(key("d"))).isEmpty();
    }

    @Test
    void whatIsFoundIsClaimed() {
        layers.addAll(List.of("layer1", "layer2"));
        add(List.of(key("a")), List.of(List.of("layer1", "layer2")), "s", Map.of());
        assertThat(claimed()).isEmpty();
        cache.find(key("a"));
        assertThat(claimed()).containsExactlyInAnyOrder("layer1", "layer2");
        database.write(Database.Durability.SOON, tx -> {
            claims.release(tx);
            return null;
        });
        assertThat(claimed()).isEmpty();
    }

    @Test
    void theNewestRecordOfAKeyCounts() {
        layers.addAll(List.of("layer1", "layer2"));
        CacheRecord first = add(List.of(key("a")), List.of(List.of("layer1")), "s", Map.of());
        CacheRecord second = add(List.of(key("a")), List.of(List.of("layer2")), "s", Map.of());
        assertThat(cache.find(key("a"))).contains(second);
        layers.remove("layer2");
        assertThat(cache.find(key("a"))).contains(first);
    }

    @Test
    void aRecordWhoseLayersAreGoneIsEvictedButStillTold() {
        add(List.of(key("a")), List.of(List.of("layer1")), "slot", Map.of("command", "make"));
        assertThat(cache.find(key("a"))).isEmpty();
        CacheRecord nearest = cache.nearest(List.of("slot")).orElseThrow();
        assertThat(nearest.evicted()).isTrue();
        assertThat(nearest.keys()).containsExactly(key("a"));
        assertThat(nearest.parts()).containsEntry("command", "make");
        layers.add("layer1");
        assertThat(cache.find(key("a"))).as("evicted for good").isEmpty();
    }

    @Test
    void nearestIsTheLatestOfItsSlotAndClaimsNothing() {
        layers.addAll(List.of("layer1", "layer2"));
        add(List.of(key("a")), List.of(List.of("layer1")), "slot", Map.of("n", "1"));
        add(List.of(key("b")), List.of(List.of("layer2")), "slot", Map.of("n", "2"));
        add(List.of(key("c")), List.of(List.of("layer2")), "other", Map.of("n", "3"));
        assertThat(cache.nearest(List.of("slot")).map(CacheRecord::parts)).contains(Map.of("n", "2"));
        assertThat(cache.nearest(List.of("none", "other")).map(CacheRecord::parts))
                .contains(Map.of("n", "3"));
        assertThat(cache.nearest(List.of("none"))).isEmpty();
        assertThat(claimed()).isEmpty();
    }

    @Test
    void afterAPowerCutOnlyWhatWasSyncedCounts() {
        layers.addAll(List.of("layer1", "layer2"));
        CacheRecord synced = add(List.of(key("a")), List.of(List.of("layer1")), "s1", Map.of());
        cache.synced(cache.latest());
        add(List.of(key("b")), List.of(List.of("layer2")), "s2", Map.of());
        assertThat(cache.find(key("b"))).isPresent();
        database.write(
                Database.Durability.SOON,
                tx -> tx.update("UPDATE records SET boot = 'an earlier one' WHERE boot IS NOT NULL"));
        assertThat(cache.find(key("a")).map(CacheRecord::id)).contains(synced.id());
        assertThat(cache.find(key("b"))).isEmpty();
        assertThat(claimed()).as("for collection at the end of the work").contains("layer2");
    }

    @Test
    void removingALayerEvictsEveryRecordOnTopOfIt() {
        layers.addAll(List.of("layer1", "layer2"));
        add(List.of(key("a")), List.of(List.of("layer1")), "s1", Map.of());
        add(List.of(key("b")), List.of(List.of("layer1", "layer2")), "s2", Map.of());
        CacheRecord other = add(List.of(key("c")), List.of(List.of("layer2")), "s3", Map.of());
        evictOn("layer1");
        assertThat(cache.find(key("a"))).isEmpty();
        assertThat(cache.find(key("b"))).isEmpty();
        assertThat(cache.find(key("c"))).contains(other);
    }

    private void evictOn(String layer) {
        database.write(Database.Durability.NOW, tx -> {
            CacheStore.evictOn(tx, claims, layer);
            return null;
        });
    }

    @Test
    void randomUseAgreesWithANaiveCache() {
        for (long seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            String salt = "seed" + seed + "-";
            List<CacheRecord> records = new ArrayList<>();
            Map<Long, Set<String>> keys = new HashMap<>();
            Set<Long> gone = new HashSet<>();
            for (int step = 0; step < 150; step++) {
                String key = salt + random.nextInt(12);
                String layer = "layer" + seed + random.nextInt(15);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        layers.add(layer);
                        CacheRecord added =
                                add(List.of(key(key)), List.of(List.of(layer)), "slot " + step, Map.of("k", key));
                        records.add(added);
                        keys.put(added.id(), new HashSet<>(Set.of(key)));
                    }
                    case 1 -> {
                        layers.remove(layer);
                        evictOn(layer);
                        for (CacheRecord record : records) {
                            if (record.outputs().getFirst().contains(layer)) {
                                gone.add(record.id());
                            }
                        }
                    }
                    case 2 -> {
                        if (!records.isEmpty()) {
                            CacheRecord record = records.get(random.nextInt(records.size()));
                            if (!gone.contains(record.id())) {
                                cache.addKey(record, key(key));
                                keys.get(record.id()).add(key);
                            }
                        }
                    }
                    default -> {
                        Optional<CacheRecord> expected = records.reversed().stream()
                                .filter(r -> !gone.contains(r.id())
                                        && keys.get(r.id()).contains(key))
                                .findFirst();
                        assertThat(cache.find(key(key)).map(CacheRecord::id))
                                .as("seed %d step %d", seed, step)
                                .isEqualTo(expected.map(CacheRecord::id));
                    }
                }
            }
        }
    }
}
