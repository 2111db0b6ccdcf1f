package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.snapshot.Overlay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Deletions name by name, as the image specification wants them and BuildKit writes them, where overlayfs only says that a
 * directory hides all that is below it.
 */
final class ExplicitWhiteouts {
    private final Directory fs;
    private final LowerLayers lower;
    private final Map<String, LayerEntry> entries = new HashMap<>();
    /** The times of directories that deletions were put into. */
    private final Map<String, Long> changed = new HashMap<>();

    private ExplicitWhiteouts(Directory fs, LowerLayers lower) {
        this.fs = fs;
        this.lower = lower;
    }

    /**
     * Replaces the marks of directories by deletions, in the layer's directory, too.
     *
     * @param entries all of the layer, in order
     * @return the same in order, with the deletions
     */
    static List<LayerEntry> in(Directory fs, LowerLayers lower, List<LayerEntry> entries) {
        if (entries.stream().noneMatch(LayerEntry::opaque)) {
            return entries;
        }
        ExplicitWhiteouts whiteouts = new ExplicitWhiteouts(fs, lower);
        entries.forEach(entry -> whiteouts.entries.put(entry.path(), entry));
        for (LayerEntry entry : entries) {
            if (entry.opaque()) {
                whiteouts.expand(entry.path());
            }
        }
        whiteouts.changed.forEach((path, time) -> fs.setTime(path, time));
        List<LayerEntry> all = new ArrayList<>(whiteouts.entries.values());
        LayerAssembly.sort(all);
        return all;
    }

    private void expand(String directory) {
        LayerEntry marked = Objects.requireNonNull(entries.get(directory));
        if (marked.opaque()) {
            Overlay.clearOpaque(fs.xattrs(directory));
            entries.put(directory, marked.withOpaque(false));
        }
        for (LayerEntry below : lower.list(directory)) {
            Optional<LayerEntry> here = Optional.ofNullable(entries.get(below.path()));
            if (here.isEmpty()) {
                Overlay.makeWhiteout(fs, below.path());
                entries.put(below.path(), LayerEntry.whiteout(below.path()));
                changed.put(directory, marked.mtimeNs());
            } else if (here.get().isDirectory() && below.isDirectory()) {
                expand(below.path());
            }
        }
    }
}
