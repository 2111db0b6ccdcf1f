package dev.drydock.engine;

import dev.drydock.cache.CacheRecord;
import dev.drydock.cache.CacheStore;
import dev.drydock.oci.Digest;
import dev.drydock.ops.FileTree;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.ResultCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The solver's cache over the store: results are chains of layers. */
final class StoredResults implements ResultCache<FileTree> {
    private final CacheStore cache;
    private final Function<LayerId, Optional<Layer>> layers;
    private final BiFunction<Digest, Digest, List<String>> changes;
    private final Map<LayerId, Layer> known = new ConcurrentHashMap<>();

    StoredResults(
            CacheStore cache,
            Function<LayerId, Optional<Layer>> layers,
            BiFunction<Digest, Digest, List<String>> changes) {
        this.cache = cache;
        this.layers = layers;
        this.changes = changes;
    }

    @Override
    public Optional<Hit<FileTree>> find(Digest key) {
        return cache.find(key).flatMap(this::open);
    }

    /** What was found once is claimed by this build and stays. */
    private Optional<Layer> layer(LayerId id) {
        Layer before = known.get(id);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Layer> found = layers.apply(id);
        found.ifPresent(layer -> known.put(id, layer));
        return found;
    }

    private Optional<Hit<FileTree>> open(CacheRecord record) {
        List<FileTree> outputs = new ArrayList<>();
        for (List<String> output : record.outputs()) {
            List<Layer> chain = new ArrayList<>();
            for (String id : output) {
                Optional<Layer> layer = layer(new LayerId(id));
                if (layer.isEmpty()) {
                    return Optional.empty();
                }
                chain.add(layer.get());
            }
            outputs.add(new FileTree.Layers(new Snapshot(chain)));
        }
        return Optional.of(new Hit<>(record.identity(), outputs));
    }

    @Override
    public void record(Entry entry, List<FileTree> outputs) {
        List<List<String>> chains = new ArrayList<>();
        for (FileTree output : outputs) {
            if (!(output instanceof FileTree.Layers(Snapshot snapshot))) {
                return; // a directory of the caller's is never kept
            }
            chains.add(
                    snapshot.layers().stream().map(layer -> layer.id().value()).toList());
        }
        cache.add(
                new CacheStore.Made(entry.step().name(), type(entry)),
                entry.id(),
                entry.keys(),
                chains,
                List.of(entry.step().text(), entry.step().position()),
                entry.parts());
    }

    /** BuildKit's word for what kind of result it is. */
    private static String type(Entry entry) {
        return entry.parts().containsKey("commit") ? "source.git.checkout" : "regular";
    }

    @Override
    public Optional<Entry> nearest(Step step) {
        return cache.nearest(List.of(step.text(), step.position()))
                .map(record -> new Entry(record.identity(), record.keys(), step, record.parts()));
    }

    @Override
    public List<String> contentChanges(Digest earlier, Digest now) {
        return changes.apply(earlier, now);
    }
}
