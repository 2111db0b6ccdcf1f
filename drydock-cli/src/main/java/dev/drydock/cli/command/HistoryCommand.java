package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.ImageSummary;
import dev.drydock.oci.ImageConfig.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code drydock history}. */
final class HistoryCommand implements Command {
    private static final String MISSING = "<missing>";
    private static final int CREATED_BY = 45;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock history", "Show the history of an image")
                .operands("IMAGE", Arity.exactly(1), OperandKind.IMAGE)
                .alias("drydock image history", "drydock history")
                .flag(Flag.value("format", "string", """
                        Format output using a custom template:
                        'table':            Print output in table format with column headers (default)
                        'table TEMPLATE':   Print output in table format using the given Go template
                        'json':             Print in JSON format
                        'TEMPLATE':         Print output using the given Go template"""))
                .flag(Flag.toggle("human", "Print sizes and dates in human readable format (default true)")
                        .letter('H'))
                .flag(Flag.toggle("no-trunc", "Don't truncate output"))
                .flag(PlatformFlag.of("Show history for the given platform. Formatted as \"os[/arch[/variant]]\""))
                .flag(Flag.toggle("quiet", "Only show image IDs").letter('q'))
                .example("What made this image, newest first", "drydock history hello")
                .example("Whole commands", "drydock history --no-trunc --format '{{.CreatedBy}}' hello")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        ImageSummary image;
        try (Store store = session.store()) {
            image = PlatformFlag.image(store, arguments.operands().getFirst(), arguments);
        }
        boolean human = !arguments.has("human") || arguments.isOn("human");
        Instant now = session.clock().instant();
        List<Map<String, String>> rows = rows(image, arguments.isOn("no-trunc"), human, now);
        String format = arguments.value("format", "");
        if (arguments.isOn("quiet") && (format.isEmpty() || format.equals("table"))) {
            rows.forEach(row -> session.out().println(row.get("ID")));
            return 0;
        }
        String created = human ? "CreatedSince" : "CreatedAt";
        Listing listing = new Listing(
                "*formatter.historyContext",
                Map.of(
                        "ID",
                        "IMAGE",
                        "CreatedSince",
                        "CREATED",
                        "CreatedAt",
                        "CREATED AT",
                        "CreatedBy",
                        "CREATED BY",
                        "Size",
                        "SIZE",
                        "Comment",
                        "COMMENT"),
                List.of("ID", created, "CreatedBy", "Size", "Comment"));
        session.out().print(listing.render(format, rows));
        return 0;
    }

    private static List<Map<String, String>> rows(ImageSummary image, boolean full, boolean human, Instant now) {
        List<History> history = image.config().history();
        List<Map<String, String>> rows = new ArrayList<>();
        int layer = 0;
        for (History entry : history) {
            long size = 0;
            if (!entry.emptyLayer() && layer < image.layerSizes().size()) {
                size = image.layerSizes().get(layer++);
            }
            rows.addFirst(row(entry, size, full, human, now));
        }
        if (!rows.isEmpty()) {
            String id = image.id().toString();
            rows.getFirst().put("ID", full ? id : HumanUnits.shortId(id));
        }
        return rows;
    }

    private static Map<String, String> row(History entry, long size, boolean full, boolean human, Instant now) {
        Instant created = entry.created();
        String by = orEmpty(entry.createdBy()).replace('\t', ' ');
        Map<String, String> row = new HashMap<>();
        row.put("ID", MISSING);
        row.put("CreatedSince", HumanUnits.since(created, now));
        row.put("CreatedAt", created == null ? "" : HumanUnits.iso(created, 'T') + "Z");
        row.put("CreatedBy", full ? by : HumanUnits.ellipsis(by, CREATED_BY));
        row.put("Size", human ? HumanUnits.size(size) : Long.toString(size));
        row.put("Comment", orEmpty(entry.comment()));
        return row;
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }
}
