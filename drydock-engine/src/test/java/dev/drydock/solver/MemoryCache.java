package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cache in memory that tests can look into. */
final class MemoryCache<R> implements ResultCache<R> {
    private final Map<Digest, Hit<R>> hits = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    @Override
    public synchronized Optional<Hit<R>> find(Digest key) {
        return Optional.ofNullable(hits.get(key));
    }

    @Override
    public synchronized void record(Entry entry, List<R> outputs) {
        entries.add(entry);
        for (Digest key : entry.keys()) {
            hits.put(key, new Hit<>(entry.id(), outputs));
        }
    }

    @Override
    public synchronized Optional<Entry> nearest(Step step) {
        return entries.reversed().stream()
                .filter(entry -> entry.step().text().equals(step.text()))
                .findFirst();
    }

    @Override
    public List<String> contentChanges(Digest earlier, Digest now) {
        return List.of("content went from " + earlier.shortHex() + " to " + now.shortHex());
    }

    synchronized void forget() {
        hits.clear();
    }

    /** Evicts records as a store does, with all their keys; which ones does not depend on the order of hashes. */
    synchronized void forgetSome(java.util.random.RandomGenerator random) {
        for (Entry entry : entries) {
            if (random.nextInt(4) == 0) {
                hits.values().removeIf(hit -> hit.id().equals(entry.id()));
            }
        }
    }
}
