package dev.drydock.cli.command;

import dev.drydock.engine.CacheEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** One entry of the build cache as text. */
final class CacheText {
    private static final int TAB = 8;

    private CacheText() {}

    /** Everything that is known of it, one fact on a line, and an empty line. */
    static String block(CacheEntry entry, Instant now) {
        StringBuilder text = new StringBuilder();
        line(text, "ID:", entry.id());
        if (!entry.parents().isEmpty()) {
            line(text, "Parent:", String.join(",", entry.parents()));
        }
        line(text, "Created at:", HumanUnits.date(entry.created()));
        line(text, "Mutable:", Boolean.toString(entry.mutable()));
        line(text, "Reclaimable:", Boolean.toString(!entry.inUse()));
        line(text, "Shared:", Boolean.toString(entry.shared()));
        line(text, "Size:", HumanUnits.exactSize(entry.size()));
        line(text, "Description:", entry.description());
        line(text, "Usage count:", Long.toString(entry.uses()));
        line(text, "Last used:", HumanUnits.since(entry.lastUsed(), now));
        line(text, "Type:", entry.type());
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name)
                .append(name.length() < TAB ? "\t\t" : "\t")
                .append(value)
                .append('\n');
    }

    /** The fields that {@code --format} knows. */
    static Map<String, String> row(CacheEntry entry, Instant now) {
        Map<String, String> row = new HashMap<>();
        row.put("ID", entry.id());
        row.put("Parents", String.join(",", entry.parents()));
        row.put("CreatedAt", HumanUnits.date(entry.created()));
        row.put("Mutable", Boolean.toString(entry.mutable()));
        row.put("Reclaimable", Boolean.toString(!entry.inUse()));
        row.put("Shared", Boolean.toString(entry.shared()));
        row.put("Size", HumanUnits.exactSize(entry.size()));
        row.put("Description", entry.description());
        row.put("UsageCount", Long.toString(entry.uses()));
        row.put("LastUsedAt", HumanUnits.since(entry.lastUsed(), now));
        row.put("Type", entry.type());
        return row;
    }
}
