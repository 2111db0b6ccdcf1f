package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.CacheEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code drydock du}: what the build cache keeps. */
final class DuCommand implements Command {
    private static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry("ID", "ID"),
            Map.entry("Parents", "PARENTS"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("Mutable", "MUTABLE"),
            Map.entry("Reclaimable", "RECLAIMABLE"),
            Map.entry("Shared", "SHARED"),
            Map.entry("Size", "SIZE"),
            Map.entry("Description", "DESCRIPTION"),
            Map.entry("UsageCount", "USAGE COUNT"),
            Map.entry("LastUsedAt", "LAST ACCESSED"),
            Map.entry("Type", "TYPE"));

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock du", "Show what the build cache keeps")
                .operands("", Arity.NONE, OperandKind.NOTHING)
                .about(
                        "An asterisk behind an ID marks what changes while it is used, one behind a size what an image has too.")
                .alias("drydock buildx du", "drydock builder du", "drydock du")
                .flag(Flag.list("filter", "field", "Show only what fits: " + CacheFilters.FIELDS))
                .flag(Flag.value(
                        "format", "string", "Format output: \"json\", \"pretty\", \"table TEMPLATE\" or a Go template"))
                .flag(Flag.toggle("verbose", "Show everything that is known, with what made it"))
                .example("What was used last, and what made it", "drydock du --verbose")
                .example("Cache mounts", "drydock du --filter type=exec.cachemount")
                .example("The largest", "drydock du --format '{{.Size}} {{.Description}}' | sort -hr | head")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        Instant now = session.clock().instant();
        Predicate<CacheEntry> filter = CacheFilters.of(arguments.list("filter"), now);
        List<CacheEntry> entries = new ArrayList<>();
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            entries.addAll(store.diskUsage().cache());
        }
        entries.removeIf(filter.negate());
        entries.sort(Comparator.comparing(CacheEntry::lastUsed).reversed().thenComparing(CacheEntry::id));
        String format = arguments.value("format", "");
        if (arguments.isOn("verbose") || format.equals("pretty")) {
            entries.forEach(entry -> session.out().print(CacheText.block(entry, now)));
            session.out().print(totals(entries));
            return 0;
        }
        Listing listing = new Listing("*du.duContext", HEADERS, List.of("ID", "Reclaimable", "Size", "LastUsedAt"));
        List<Map<String, String>> rows = new ArrayList<>();
        for (CacheEntry entry : entries) {
            Map<String, String> row = new HashMap<>(CacheText.row(entry, now));
            if (format.isEmpty() || format.startsWith("table")) {
                row.merge("ID", entry.mutable() ? "*" : "", String::concat);
                row.merge("Size", entry.shared() ? "*" : "", String::concat);
            }
            rows.add(row);
        }
        session.out().print(listing.render(format, rows));
        if (format.isEmpty() || format.startsWith("table")) {
            session.out().print(totals(entries));
        }
        return 0;
    }

    private static String totals(List<CacheEntry> entries) {
        long shared = 0;
        long reclaimable = 0;
        long total = 0;
        for (CacheEntry entry : entries) {
            total += entry.size();
            shared += entry.shared() ? entry.size() : 0;
            reclaimable += entry.inUse() ? 0 : entry.size();
        }
        String parts = shared == 0
                ? ""
                : "Shared:\t\t" + HumanUnits.exactSize(shared) + "\nPrivate:\t" + HumanUnits.exactSize(total - shared)
                        + "\n";
        return parts + "Reclaimable:\t" + HumanUnits.exactSize(reclaimable) + "\nTotal:\t\t"
                + HumanUnits.exactSize(total) + "\n";
    }
}
