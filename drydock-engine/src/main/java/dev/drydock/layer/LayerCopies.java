package dev.drydock.layer;

import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Layers with the same tar stream. They are the same but for what they took over from what they were unpacked on: directories that
 * stand above their entries and that the stream does not name, and what is hidden where the stream hides everything. So where they
 * differ, what a layer lies on tells which of them was made on it.
 */
public final class LayerCopies {
    private static final int USUAL_MODE = 0755;

    private final List<Layer> copies;
    private final Map<Layer, Map<String, LayerEntry>> entries = new LinkedHashMap<>();
    private final Set<String> differing = new TreeSet<>();

    /** @param copies with the same diff ID; at least one */
    public LayerCopies(List<Layer> copies) {
        this.copies = List.copyOf(copies);
        if (copies.size() > 1) {
            copies.forEach(copy -> entries.put(
                    copy, LayerIndex.of(copy).stream().collect(Collectors.toMap(LayerEntry::path, each -> each))));
            compare();
        }
    }

    private void compare() {
        Map<String, LayerEntry> first = entriesOf(copies.getFirst());
        for (Layer copy : copies.subList(1, copies.size())) {
            Map<String, LayerEntry> others = new HashMap<>(entriesOf(copy));
            first.forEach((path, entry) -> {
                if (!entry.equals(others.remove(path))) {
                    differing.add(path);
                }
            });
            differing.addAll(others.keySet());
        }
    }

    private Map<String, LayerEntry> entriesOf(Layer copy) {
        return Objects.requireNonNull(entries.get(copy));
    }

    /** The copy that was made on {@code below}, or is as if it had been; empty if none is. */
    public Optional<Layer> madeOn(Snapshot below) {
        if (differing.isEmpty()) {
            return Optional.of(copies.getFirst());
        }
        LowerLayers lower = new LowerLayers(below);
        return copies.stream()
                .filter(copy ->
                        differing.stream().allMatch(path -> fits(entriesOf(copy).get(path), lower.find(path))))
                .findFirst();
    }

    private static boolean fits(@Nullable LayerEntry entry, Optional<LayerEntry> below) {
        if (entry == null) {
            return below.isEmpty();
        }
        return switch (entry.type()) {
            case WHITEOUT -> below.isPresent();
            case DIRECTORY ->
                below.filter(LayerEntry::isDirectory)
                        .map(lower -> entry.withOpaque(false).equals(lower.withOpaque(false)))
                        .orElseGet(() -> isUsual(entry));
            case FILE, SYMLINK, CHAR_DEVICE, BLOCK_DEVICE, FIFO -> true;
        };
    }

    /** Whether a directory is as one is that nothing describes. */
    private static boolean isUsual(LayerEntry entry) {
        return entry.mode() == USUAL_MODE
                && entry.uid() == 0
                && entry.gid() == 0
                && entry.xattrs().isEmpty();
    }
}
