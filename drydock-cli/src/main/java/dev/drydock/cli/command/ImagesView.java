package dev.drydock.cli.command;

import dev.drydock.cli.command.ImageFilters.Shown;
import dev.drydock.engine.ImageListing;
import dev.drydock.engine.ImageSummary;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Docker's view of images with what they take of the disk: one row for each name, or a tree with platforms. */
final class ImagesView {
    private static final String UNTAGGED = "<untagged>";
    private static final int ID = 12;
    private static final int GAP = 3;
    private static final String DISK = "DISK USAGE";
    private static final String CONTENT = "CONTENT SIZE";
    private static final String EXTRA = "EXTRA";

    private final boolean terminal;
    private final boolean color;
    private final int columns;
    private final boolean tree;

    private ImagesView(boolean terminal, boolean color, int columns, boolean tree) {
        this.terminal = terminal;
        this.color = color;
        this.columns = columns;
        this.tree = tree;
    }

    static ImagesView of(Session session, boolean tree) {
        boolean terminal = session.terminals().out();
        return new ImagesView(
                terminal,
                terminal && session.env("NO_COLOR") == null,
                terminal ? columns(session) : Integer.MAX_VALUE,
                tree);
    }

    private static int columns(Session session) {
        String said = session.env("COLUMNS");
        return said != null && said.matches("[1-9][0-9]{0,3}")
                ? Integer.parseInt(said)
                : TerminalSize.poll(session.environment()).now().columns();
    }

    /** Lines of one image: its names, and what stands beside the last of them. */
    private record Entry(List<String> names, String id, String disk, String content, List<Child> children) {}

    /** A platform of an image. */
    private record Child(String name, String id) {}

    /** @param details looks an image's platform up; only asked for a tree */
    String render(List<Shown> images, @Nullable Function<ImageListing, ImageSummary> details) {
        List<Entry> entries = new ArrayList<>();
        for (Shown shown : images) {
            ImageListing image = shown.image();
            List<String> names = new ArrayList<>();
            for (ImageRef name : shown.names()) {
                names.add(name.familiar());
            }
            String id = image.id().shortHex();
            String disk = HumanUnits.size(image.size() + image.contentSize());
            String content = HumanUnits.size(image.contentSize());
            if (names.isEmpty()) {
                names.add(UNTAGGED);
            }
            if (!tree || details == null) {
                names.forEach(name -> entries.add(new Entry(List.of(name), id, disk, content, List.of())));
                continue;
            }
            ImageSummary summary = details.apply(image);
            Child child = new Child(
                    summary.config().platform().toString(),
                    summary.manifest().digest().shortHex());
            entries.add(new Entry(names, id, disk, content, List.of(child)));
        }
        entries.sort(Comparator.comparing(
                (Entry entry) -> entry.names().getFirst(),
                Comparator.comparing((String name) -> name.equals(UNTAGGED)).thenComparing(Comparator.naturalOrder())));
        return lines(entries);
    }

    private String lines(List<Entry> entries) {
        int widest = "IMAGE".length();
        for (Entry entry : entries) {
            for (String name : entry.names()) {
                widest = Math.max(widest, name.length());
            }
            for (Child child : entry.children()) {
                widest = Math.max(widest, child.name().length() + 3);
            }
        }
        int fixed = GAP + ID + GAP + DISK.length() + GAP + CONTENT.length();
        boolean extra = widest + fixed + GAP + EXTRA.length() <= columns || !terminal;
        int width = terminal ? Math.max("IMAGE".length(), Math.min(widest, columns - fixed)) : widest;
        StringBuilder out = new StringBuilder();
        if (terminal) {
            legend(out);
        }
        head(out, "IMAGE", width).append(" ".repeat(GAP));
        head(out, "ID", ID).append(" ".repeat(GAP));
        head(out, DISK, 0).append(" ".repeat(GAP));
        head(out, CONTENT, 0);
        if (extra) {
            out.append(" ".repeat(GAP));
            head(out, EXTRA, 0);
        }
        out.append('\n');
        for (Entry entry : entries) {
            entry(out, entry, width, extra);
        }
        return out.toString();
    }

    private void legend(StringBuilder out) {
        String plain = color ? "i Info →   U  In Use" : " Info ->  U In Use";
        out.repeat(' ', Math.max(0, columns - plain.length()));
        out.append(
                color
                        ? "\u001b[1m\u001b[106m\u001b[30mi\u001b[0m\u001b[0m \u001b[96mInfo → \u001b[0m\u001b[0m"
                                + " \u001b[38;5;0m\u001b[48;5;14m U \u001b[0m In Use"
                        : plain);
        out.append('\n');
    }

    private StringBuilder head(StringBuilder out, String text, int width) {
        out.append(color ? "\u001b[39m\u001b[1m" + text + "\u001b[0m" : text);
        return out.repeat(' ', Math.max(0, width - text.length()));
    }

    private void entry(StringBuilder out, Entry entry, int width, boolean extra) {
        for (int i = 0; i < entry.names().size(); i++) {
            String name = entry.names().get(i);
            boolean last = i == entry.names().size() - 1;
            out.append(name(name));
            if (!last) {
                out.append(tree ? " ".repeat(Math.max(0, width - name.length())) : "")
                        .append('\n');
                continue;
            }
            if (name.length() > width) {
                out.append('\n').repeat(' ', width);
            } else {
                out.repeat(' ', width - name.length());
            }
            cells(out, entry.id(), entry.disk(), entry.content(), extra);
        }
        Map<String, String> children = new LinkedHashMap<>();
        entry.children().forEach(child -> children.put(child.name(), child.id()));
        int left = children.size();
        for (Map.Entry<String, String> child : children.entrySet()) {
            String text = (--left == 0 ? "└─ " : "├─ ") + child.getKey();
            out.append(color ? "\u001b[39m" + text + "\u001b[0m" : text)
                    .repeat(' ', Math.max(0, width - text.length()));
            cells(out, child.getValue(), entry.disk(), entry.content(), extra);
        }
        if (tree) {
            out.append('\n');
        }
    }

    private String name(String name) {
        if (!color) {
            return name;
        }
        return name.equals(UNTAGGED) ? "\u001b[2m" + name + "\u001b[0m" : "\u001b[34m\u001b[1m" + name + "\u001b[0m";
    }

    private void cells(StringBuilder out, String id, String disk, String content, boolean extra) {
        out.repeat(' ', GAP).append(plain(id)).repeat(' ', ID - id.length() + GAP + DISK.length() - disk.length());
        out.append(plain(disk))
                .repeat(' ', GAP + CONTENT.length() - content.length())
                .append(plain(content));
        if (extra) {
            out.repeat(' ', GAP + EXTRA.length());
        }
        out.append('\n');
    }

    private String plain(String text) {
        return color ? "\u001b[39m" + text + "\u001b[0m" : text;
    }
}
