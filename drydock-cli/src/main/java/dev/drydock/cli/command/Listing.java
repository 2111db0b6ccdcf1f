package dev.drydock.cli.command;

import dev.drydock.cli.template.Template;
import dev.drydock.cli.template.TemplateError;
import dev.drydock.oci.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A list as {@code --format} wants it: a table, JSON or a template.
 *
 * @param type Go's name of the rows' type, for messages
 * @param headers what stands above each field
 * @param usual the fields of the table when no template is given
 */
record Listing(String type, Map<String, String> headers, List<String> usual) {
    private static final int NARROWEST = 10;
    private static final int GAP = 3;

    Listing {
        headers = Map.copyOf(headers);
        usual = List.copyOf(usual);
    }

    /** The text, with a newline at its end unless it is empty. */
    String render(String format, List<Map<String, String>> rows) {
        if (format.isEmpty() || format.equals("table")) {
            return table(rows);
        }
        if (format.equals("json")) {
            StringBuilder out = new StringBuilder();
            for (Map<String, String> row : rows) {
                out.append(json(row).compact()).append('\n');
            }
            return out.toString();
        }
        boolean isTable = format.startsWith("table ");
        String text = (isTable ? format.substring("table ".length()) : format)
                .replace("\\t", "\t")
                .replace("\\n", "\n");
        try {
            return filled(Template.parse(text), isTable, rows);
        } catch (TemplateError e) {
            throw new CommandFailed("template parsing error: " + e.getMessage());
        }
    }

    private String filled(Template template, boolean isTable, List<Map<String, String>> rows) {
        List<String> lines = new ArrayList<>();
        if (isTable) {
            lines.add(template.fillHeadings(json(headers), type));
        }
        for (Map<String, String> row : rows) {
            lines.add(template.fill(json(row), type));
        }
        if (!isTable) {
            return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        }
        List<List<String>> cells = new ArrayList<>();
        for (String line : lines) {
            cells.add(List.of(line.split("\t", -1)));
        }
        return align(cells);
    }

    private static JsonValue json(Map<String, String> row) {
        JsonValue.Members members = JsonValue.object();
        row.keySet().stream().sorted().forEach(name -> members.put(name, row.getOrDefault(name, "")));
        return members.build();
    }

    /** The usual table; no template is read for it, as it is what {@code images} does all day. */
    private String table(List<Map<String, String>> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(cells(headers));
        for (Map<String, String> row : rows) {
            cells.add(cells(row));
        }
        return align(cells);
    }

    private List<String> cells(Map<String, String> row) {
        List<String> cells = new ArrayList<>();
        for (String field : usual) {
            cells.add(row.getOrDefault(field, ""));
        }
        return cells;
    }

    /** Columns as wide as their widest cell and a gap; the last cell of a line is not filled up. */
    static String align(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                int width = Math.max(NARROWEST, length(row.get(i)) + GAP);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                out.append(cell);
                if (i < row.size() - 1) {
                    out.repeat(' ', widths.get(i) - length(cell));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
