package dev.drydock.space;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses what of the cache goes: what was not used for the longest time first, a layer never before those that stand on
 * it, and nothing that running work needs.
 */
final class Victims {
    private Victims() {}

    /**
     * What may go.
     *
     * @param all whether also what images share, and hints: BuildKit's {@code --all}
     * @param filter must hold
     */
    record Choice(boolean all, Predicate<CacheUse> filter) {
        boolean permits(CacheUse use) {
            return !use.inUse() && (all || (!use.shared() && !use.isHints())) && filter.test(use);
        }
    }

    /**
     * Those that go until at most {@code keep} bytes are left.
     *
     * @param keep 0 for everything that may go
     */
    static List<CacheUse> choose(List<CacheUse> cache, Choice choice, long keep) {
        Map<String, Set<String>> above = new HashMap<>();
        Map<String, CacheUse> byId = new HashMap<>();
        for (CacheUse use : cache) {
            byId.put(use.id(), use);
            for (String parent : use.parents()) {
                above.computeIfAbsent(parent, _ -> new HashSet<>()).add(use.id());
            }
        }
        PriorityQueue<CacheUse> ready =
                new PriorityQueue<>(Comparator.comparing(CacheUse::lastUsed).thenComparing(CacheUse::id));
        for (CacheUse use : cache) {
            if (choice.permits(use) && !above.containsKey(use.id())) {
                ready.add(use);
            }
        }
        long left = cache.stream().mapToLong(CacheUse::ownSize).sum();
        List<CacheUse> victims = new ArrayList<>();
        while (!ready.isEmpty() && (keep == 0 || left > keep)) {
            CacheUse victim = ready.remove();
            victims.add(victim);
            left -= victim.ownSize();
            for (String parent : victim.parents()) {
                Set<String> standing = above.getOrDefault(parent, Set.of());
                CacheUse below = byId.get(parent);
                if (standing.remove(victim.id()) && standing.isEmpty() && below != null && choice.permits(below)) {
                    ready.add(below);
                }
            }
        }
        return victims;
    }
}
