package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.cli.command.ImageFilters.Shown;
import dev.drydock.engine.ImageListing;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code drydock images}. */
final class ImagesCommand implements Command {
    private static final String NONE = "<none>";
    private static final String UNKNOWN = "N/A";
    private static final Map<String, String> HEADERS = Map.of(
            "Repository", "REPOSITORY",
            "Tag", "TAG",
            "Digest", "DIGEST",
            "ID", "IMAGE ID",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "Size", "SIZE",
            "Containers", "CONTAINERS",
            "SharedSize", "SHARED SIZE",
            "UniqueSize", "UNIQUE SIZE");
    private static final List<String> WORDS =
            List.of("ls", "list", "build", "tag", "rm", "remove", "history", "inspect", "import", "save");

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock images", "List images")
                .about(
                        "On a terminal the list is sorted by name and shows what images take of the disk; elsewhere it is the "
                                + "classic table, the newest image first, which --format table prints on a terminal too.")
                .operands("[REPOSITORY[:TAG]]", Arity.atMost(1), OperandKind.IMAGE)
                .alias("drydock image ls", "drydock image list", "drydock images")
                .flag(Flag.toggle("all", "Show all images (default hides dangling images)")
                        .letter('a'))
                .flag(Flag.toggle("digests", "Show digests"))
                .flag(Flag.list(
                                "filter",
                                "filter",
                                "Filter output based on conditions provided: before=IMAGE, dangling=BOOL, "
                                        + "label=KEY[=VALUE], reference=PATTERN, since=IMAGE, until=TIME")
                        .letter('f'))
                .flag(Flag.value("format", "string", """
                        Format output using a custom template:
                        'table':            Print output in table format with column headers (default)
                        'table TEMPLATE':   Print output in table format using the given Go template
                        'json':             Print in JSON format
                        'raw':              Print one field on a line
                        'TEMPLATE':         Print output using the given Go template
                        Without it, "imagesFormat" of Docker's config.json counts"""))
                .flag(Flag.toggle("no-trunc", "Don't truncate output"))
                .flag(Flag.toggle("quiet", "Only show image IDs").letter('q'))
                .flag(Flag.toggle("tree", "List images with their platforms and what they take of the disk"))
                .example("All images with a name", "drydock images")
                .example("Names and sizes of one repository", "drydock images --format '{{.Tag}}: {{.Size}}' hello")
                .example("IDs of images without a name", "drydock images -q -f dangling=true")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        String operand =
                arguments.operands().isEmpty() ? null : arguments.operands().getFirst();
        if (arguments.isOn("tree")) {
            refuseWithTree(arguments);
        }
        List<Shown> images;
        Instant now = session.clock().instant();
        try (Store store = session.store()) {
            ImageFilters filters =
                    new ImageFilters(arguments.list("filter"), operand, arguments.isOn("all"), store, now);
            images = filters.apply(store.listing());
            if (isForPeople(arguments, session)) {
                boolean tree = arguments.isOn("tree");
                session.out()
                        .print(ImagesView.of(session, tree)
                                .render(
                                        images,
                                        tree ? image -> store.image(image.id().toString()) : null));
                return missed(operand, images, session);
            }
        }
        String format = format(arguments, session);
        boolean digests = arguments.isOn("digests");
        boolean withDigests = digests || format.contains(".Digest");
        if (isPlainTable(format, arguments)) {
            session.out().print(ClassicImages.table(images, arguments.isOn("no-trunc"), now));
            return missed(operand, images, session);
        }
        List<Map<String, String>> rows = new ArrayList<>();
        images.forEach(
                shown -> rows.addAll(rows(shown.image(), shown.names(), withDigests, arguments.isOn("no-trunc"), now)));
        session.out().print(text(format, arguments.isOn("quiet"), digests, rows));
        return missed(operand, images, session);
    }

    /** The table that scripts and people ask for all day, which takes no detour. */
    private static boolean isPlainTable(String format, Arguments arguments) {
        return (format.isEmpty() || format.equals("table")) && !arguments.isOn("digests") && !arguments.isOn("quiet");
    }

    /** The view with disk usage: on a terminal, and by {@code --tree}. What reads a pipe gets the classic table. */
    private static boolean isForPeople(Arguments arguments, Session session) {
        return arguments.isOn("tree")
                || (session.terminals().out()
                        && !arguments.has("format")
                        && !arguments.isOn("quiet")
                        && !arguments.isOn("no-trunc")
                        && !arguments.isOn("digests")
                        && format(arguments, session).isEmpty());
    }

    private static String format(Arguments arguments, Session session) {
        String format = arguments.value("format");
        if (format != null) {
            return format;
        }
        return arguments.isOn("quiet") ? "" : UserConfig.of(session).text("imagesFormat");
    }

    private static void refuseWithTree(Arguments arguments) {
        for (String flag : List.of("quiet", "no-trunc", "digests", "format")) {
            if (arguments.has(flag)) {
                throw new CommandFailed(
                        "--" + (flag.equals("digests") ? "show-digest" : flag) + " is not yet supported with --tree");
            }
        }
    }

    private static int missed(@Nullable String operand, List<Shown> images, Session session) {
        if (images.isEmpty() && operand != null && WORDS.contains(operand)) {
            session.out().flush();
            session.err()
                    .println("No images found matching \"" + operand + "\": did you mean \"drydock image " + operand
                            + "\"?");
        }
        return 0;
    }

    private static String text(String format, boolean quiet, boolean digests, List<Map<String, String>> rows) {
        if (format.equals("raw")) {
            return raw(quiet, digests, rows);
        }
        boolean isTable = format.isEmpty() || format.equals("table");
        if (quiet && isTable) {
            StringBuilder ids = new StringBuilder();
            rows.forEach(row -> ids.append(row.get("ID")).append('\n'));
            return ids.toString();
        }
        List<String> columns = digests
                ? List.of("Repository", "Tag", "Digest", "ID", "CreatedSince", "Size")
                : List.of("Repository", "Tag", "ID", "CreatedSince", "Size");
        return new Listing("*formatter.imageContext", HEADERS, columns).render(format, rows);
    }

    private static String raw(boolean quiet, boolean digests, List<Map<String, String>> rows) {
        StringBuilder text = new StringBuilder();
        for (Map<String, String> row : rows) {
            if (quiet) {
                text.append("image_id: ").append(row.get("ID")).append('\n');
                continue;
            }
            text.append("repository: ").append(row.get("Repository"));
            text.append("\ntag: ").append(row.get("Tag"));
            text.append(digests ? "\ndigest: " + row.get("Digest") : "");
            text.append("\nimage_id: ").append(row.get("ID"));
            text.append("\ncreated_at: ").append(row.get("CreatedAt"));
            text.append("\nvirtual_size: ").append(row.get("Size")).append("\n\n");
        }
        return text.toString();
    }

    /** One row for each name; one for an image without any. */
    private static List<Map<String, String>> rows(
            ImageListing image, List<ImageRef> names, boolean digests, boolean full, Instant now) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (ImageRef name : names) {
            String digest = digests ? digest(image, name) : null;
            rows.add(row(image, name.familiarRepository(), name.tagIfAny().orElse(NONE), digest, full, now));
        }
        if (names.isEmpty()) {
            rows.add(row(image, NONE, NONE, null, full, now));
        }
        return rows;
    }

    private static @Nullable String digest(ImageListing image, ImageRef name) {
        for (ImageRef known : image.digests()) {
            if (known.repository().equals(name.repository()) && known.digest() != null) {
                return known.digest().toString();
            }
        }
        return null;
    }

    private static Map<String, String> row(
            ImageListing image, String repository, String tag, @Nullable String digest, boolean full, Instant now) {
        Instant created = image.created();
        String id = image.id().toString();
        Map<String, String> row = new HashMap<>();
        row.put("Repository", repository);
        row.put("Tag", tag);
        row.put("Digest", digest == null ? NONE : digest);
        row.put("ID", full ? id : HumanUnits.shortId(id));
        row.put("CreatedSince", HumanUnits.since(created, now));
        row.put("CreatedAt", HumanUnits.date(created));
        row.put("Size", HumanUnits.size(image.size()));
        row.put("Containers", UNKNOWN);
        row.put("SharedSize", UNKNOWN);
        row.put("UniqueSize", UNKNOWN);
        return row;
    }
}
