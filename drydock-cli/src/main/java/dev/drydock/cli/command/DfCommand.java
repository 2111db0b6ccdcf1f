package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.CacheEntry;
import dev.drydock.engine.DiskUsage;
import dev.drydock.engine.DiskUsage.ImageUsage;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code drydock df}: what takes space in the store. */
final class DfCommand implements Command {
    private static final String NONE = "<none>";
    private static final Map<String, String> HEADERS = Map.of(
            "Type", "TYPE",
            "TotalCount", "TOTAL",
            "Active", "ACTIVE",
            "Size", "SIZE",
            "Reclaimable", "RECLAIMABLE");

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock df", "Show what takes space in the store")
                .operands("", Arity.NONE, OperandKind.NOTHING)
                .about(
                        "The rows add up to what du says of the store's directory. A layer that an image and the build cache "
                                + "share counts with the images.")
                .alias("drydock df", "drydock system df")
                .flag(Flag.value("format", "string", """
                        Format output using a custom template:
                        'table':            Print output in table format with column headers (default)
                        'table TEMPLATE':   Print output in table format using the given Go template
                        'json':             Print in JSON format
                        'TEMPLATE':         Print output using the given Go template"""))
                .flag(Flag.toggle("verbose", "Show detailed information on space usage")
                        .letter('v'))
                .example("What takes space, and what could be free", "drydock df")
                .example("Every image and everything in the build cache", "drydock df -v")
                .example("The same for programs", "drydock df -v --format json")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        DiskUsage usage;
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            usage = store.diskUsage();
        }
        String format = arguments.value("format", "");
        if (arguments.isOn("verbose")) {
            Instant now = session.clock().instant();
            if (format.startsWith("table ")) {
                throw new CommandFailed("the verbose option has no table of a template");
            }
            boolean table = format.isEmpty() || format.equals("table");
            session.out().print(table ? details(usage, now) : DfDocument.render(format, usage, now));
            return 0;
        }
        session.out()
                .print(new Listing(
                                "*formatter.diskUsageContext",
                                HEADERS,
                                List.of("Type", "TotalCount", "Active", "Size", "Reclaimable"))
                        .render(format, rows(usage)));
        return 0;
    }

    private static List<Map<String, String>> rows(DiskUsage usage) {
        long named = usage.images().stream()
                .filter(image -> !image.image().names().isEmpty()
                        || !image.image().digests().isEmpty())
                .count();
        long inUse = usage.cache().stream().filter(CacheEntry::inUse).count();
        long unused = usage.cache().stream()
                .filter(entry -> !entry.inUse() && !entry.shared())
                .mapToLong(CacheEntry::size)
                .sum();
        return List.of(
                row("Images", usage.images().size(), named, usage.imageBytes(), usage.danglingBytes()),
                row("Build Cache", usage.cache().size(), inUse, usage.cacheBytes(), unused),
                row("Database", 1, 1, usage.otherBytes(), 0));
    }

    private static Map<String, String> row(String type, long count, long active, long size, long reclaimable) {
        String share = size == 0 ? "" : " (" + reclaimable * 100 / size + "%)";
        Map<String, String> row = new HashMap<>();
        row.put("Type", type);
        row.put("TotalCount", Long.toString(count));
        row.put("Active", Long.toString(active));
        row.put("Size", HumanUnits.exactSize(size));
        row.put("Reclaimable", HumanUnits.exactSize(reclaimable) + share);
        return row;
    }

    private static String details(DiskUsage usage, Instant now) {
        StringBuilder text = new StringBuilder("Images space usage:\n\n");
        List<List<String>> images = new ArrayList<>();
        images.add(List.of(
                "REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"));
        for (ImageUsage image : usage.images()) {
            List<ImageRef> names = image.image().names().isEmpty()
                    ? image.image().digests()
                    : image.image().names();
            for (ImageRef name : names) {
                images.add(
                        line(image, name.familiarRepository(), name.tagIfAny().orElse(NONE), now));
            }
            if (names.isEmpty()) {
                images.add(line(image, NONE, NONE, now));
            }
        }
        text.append(Listing.align(images));
        text.append("\nBuild cache usage: ")
                .append(HumanUnits.exactSize(usage.cacheBytes()))
                .append("\n\n");
        List<List<String>> cache = new ArrayList<>();
        cache.add(List.of("CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED", "DESCRIPTION"));
        for (CacheEntry entry : usage.cache()) {
            cache.add(List.of(
                    entry.id(),
                    entry.type(),
                    HumanUnits.exactSize(entry.size()),
                    HumanUnits.since(entry.created(), now),
                    HumanUnits.since(entry.lastUsed(), now),
                    Long.toString(entry.uses()),
                    Boolean.toString(entry.shared()),
                    entry.description()));
        }
        text.append(Listing.align(cache));
        text.append("\nDatabase usage: ").append(HumanUnits.exactSize(usage.otherBytes()));
        return text.append("\n\nTotal: ")
                .append(HumanUnits.exactSize(usage.total()))
                .append('\n')
                .toString();
    }

    private static List<String> line(ImageUsage image, String repository, String tag, Instant now) {
        return List.of(
                repository,
                tag,
                image.image().id().shortHex(),
                HumanUnits.since(image.image().config().created(), now),
                HumanUnits.exactSize(image.size()),
                HumanUnits.exactSize(image.shared()),
                HumanUnits.exactSize(image.size() - image.shared()),
                "0");
    }
}
