package dev.drydock.space;

import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What layers take of the disk. A layer is looked through once, since it never changes; one that shares files with another
 * is looked through every time, since the other may go.
 */
final class LayerSizes {
    private final Database database;
    private final Path layers;

    LayerSizes(Database database, Path root) {
        this.database = database;
        this.layers = root.resolve("layers");
    }

    /** By layer. Together they are what the directories take, so that a file of several layers counts for one of them. */
    Map<String, Long> of(Collection<String> wanted) throws InterruptedException {
        Map<String, Long> sizes = new HashMap<>();
        database.read(
                tx -> tx.list("SELECT layer, bytes FROM layer_usage", row -> sizes.put(row.text(1), row.number(2))));
        sizes.keySet().retainAll(wanted);
        DiskUse use = new DiskUse();
        Map<String, Long> alone = new HashMap<>();
        for (String layer : wanted) {
            if (!sizes.containsKey(layer)) {
                DiskUse.Tree tree = use.measure(layer, layers.resolve(layer));
                sizes.put(layer, tree.own());
                if (tree.alone() && tree.own() > 0) {
                    alone.put(layer, tree.own());
                }
            }
        }
        use.shared().forEach((layer, bytes) -> sizes.merge(layer, bytes, Long::sum));
        keep(alone);
        return sizes;
    }

    private void keep(Map<String, Long> sizes) {
        if (!sizes.isEmpty()) {
            database.write(Durability.SOON, tx -> {
                sizes.forEach((layer, bytes) ->
                        tx.update("INSERT OR REPLACE INTO layer_usage (layer, bytes) VALUES (?, ?)", layer, bytes));
                return null;
            });
        }
    }

    /** What would be free if all of these were gone, and nothing else: files that others have too do not count. */
    long freedWith(Collection<String> doomed) throws InterruptedException {
        DiskUse use = new DiskUse();
        long bytes = 0;
        for (String layer : doomed) {
            bytes += use.measure(layer, layers.resolve(layer)).own();
        }
        for (long file : use.shared().values()) {
            bytes += file;
        }
        return bytes;
    }
}
