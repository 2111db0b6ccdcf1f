package dev.drydock.scaffold;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a TOML 1.0 document into a {@link TomlTable}. Written here because the model takes no libraries and a project
 * description needs only names, strings and lists: numbers and dates are kept as they are written.
 */
final class Toml {
    /** Deeper nesting than any manifest has; keeps a hostile document from exhausting the stack. */
    private static final int MAX_DEPTH = 64;

    private final TomlText in;
    private final Draft root = new Draft();
    private Draft current = root;
    private int depth;

    private Toml(String text) {
        this.in = new TomlText(text);
    }

    /**
     * Reads a document.
     *
     * @param file the name for the fault's place
     * @throws UserFault with line and column if the text is not TOML
     */
    static TomlTable read(String file, String text) {
        var reader = new Toml(text);
        try {
            reader.document();
            return reader.root.value();
        } catch (TomlText.Unexpected e) {
            throw new UserFault("read " + file + ": line " + e.line + ": " + e.getMessage(), e)
                    .at(new SourceRange(file, e.line, e.column, e.line, e.column + 1));
        }
    }

    /** What a key holds while the document is being read. */
    private sealed interface Entry {
        TomlValue value();
    }

    private record Done(TomlValue value) implements Entry {}

    private static final class Draft implements Entry {
        final Map<String, Entry> entries = new LinkedHashMap<>();
        /** Named by a header or made by a key: a header of the same name is an error. */
        boolean defined;
        /** Written between braces, which nothing may extend. */
        boolean closed;

        @Override
        public TomlTable value() {
            var values = new LinkedHashMap<String, TomlValue>();
            entries.forEach((key, entry) -> values.put(key, entry.value()));
            return new TomlTable(values);
        }
    }

    /** The tables of one {@code [[name]]}. */
    private static final class Tables implements Entry {
        final List<Draft> all = new ArrayList<>();

        @Override
        public TomlValue value() {
            return new TomlValue.Items(all.stream().<TomlValue>map(Draft::value).toList());
        }
    }

    private void document() {
        in.skipBlank();
        while (!in.atEnd()) {
            if (in.take("[[")) {
                List<String> path = key();
                in.expect("]]", "']]' after the table's name");
                current = appendTable(path);
            } else if (in.take("[")) {
                List<String> path = key();
                in.expect("]", "']' after the table's name");
                current = openTable(path);
            } else {
                assignment(current);
            }
            in.endOfLine();
            in.skipBlank();
        }
    }

    private Draft openTable(List<String> path) {
        Draft parent = descend(root, path.subList(0, path.size() - 1), true);
        String name = path.getLast();
        Entry known = parent.entries.computeIfAbsent(name, _ -> new Draft());
        if (!(known instanceof Draft table) || table.defined || table.closed) {
            throw in.unexpected("'" + String.join(".", path) + "' is defined twice");
        }
        table.defined = true;
        return table;
    }

    private Draft appendTable(List<String> path) {
        Draft parent = descend(root, path.subList(0, path.size() - 1), true);
        Entry known = parent.entries.computeIfAbsent(path.getLast(), _ -> new Tables());
        if (!(known instanceof Tables tables)) {
            throw in.unexpected("'" + String.join(".", path) + "' is defined twice");
        }
        var fresh = new Draft();
        fresh.defined = true;
        tables.all.add(fresh);
        return fresh;
    }

    /** The table at {@code path} under {@code from}; missing ones are made, the last of an array of tables is meant. */
    private Draft descend(Draft from, List<String> path, boolean byHeader) {
        Draft at = from;
        for (String name : path) {
            Entry known = at.entries.get(name);
            if (known == null) {
                var fresh = new Draft();
                fresh.defined = !byHeader;
                at.entries.put(name, fresh);
                at = fresh;
            } else if (known instanceof Draft draft && !draft.closed) {
                at = draft;
            } else if (byHeader && known instanceof Tables tables) {
                at = tables.all.getLast();
            } else {
                throw in.unexpected("'" + name + "' is already a value, not a table");
            }
        }
        return at;
    }

    private void assignment(Draft into) {
        List<String> path = key();
        in.expect("=", "'=' after the key '" + String.join(".", path) + "'");
        in.skipSpace();
        Entry value = value();
        Draft table = descend(into, path.subList(0, path.size() - 1), false);
        if (table.entries.putIfAbsent(path.getLast(), value) != null) {
            throw in.unexpected("'" + String.join(".", path) + "' is defined twice");
        }
    }

    /** One dotted key with the blanks around it. */
    private List<String> key() {
        var parts = new ArrayList<String>();
        do {
            in.skipSpace();
            parts.add(in.keyPart());
            in.skipSpace();
        } while (in.take("."));
        return parts;
    }

    private Entry value() {
        if (in.at('"') || in.at('\'')) {
            return new Done(new TomlValue.Text(in.string()));
        }
        if (in.take("[")) {
            return nested(this::array);
        }
        if (in.take("{")) {
            return nested(this::inlineTable);
        }
        String word = in.word();
        if (word.isEmpty()) {
            throw in.unexpected("expected a value");
        }
        if (word.equals("true") || word.equals("false")) {
            return new Done(new TomlValue.Flag(word.equals("true")));
        }
        char first = word.charAt(0);
        boolean plausible = Character.isDigit(first)
                || ((first == '+' || first == '-') && word.length() > 1)
                || word.equals("inf")
                || word.equals("nan");
        if (!plausible) {
            throw in.unexpected("expected a value, found '" + word + "': text stands between quotes");
        }
        return new Done(new TomlValue.Literal(word));
    }

    private interface Part {
        Entry read();
    }

    private Entry nested(Part part) {
        if (++depth > MAX_DEPTH) {
            throw in.unexpected("values are nested too deeply");
        }
        try {
            return part.read();
        } finally {
            depth--;
        }
    }

    private Entry array() {
        var items = new ArrayList<TomlValue>();
        in.skipBlank();
        while (!in.take("]")) {
            items.add(value().value());
            in.skipBlank();
            if (!in.take(",") && !in.at(']')) {
                throw in.unexpected("expected ',' or ']' in the list");
            }
            in.skipBlank();
        }
        return new Done(new TomlValue.Items(items));
    }

    private Entry inlineTable() {
        var table = new Draft();
        in.skipSpace();
        if (!in.take("}")) {
            do {
                assignment(table);
                in.skipSpace();
            } while (in.take(","));
            in.expect("}", "',' or '}' in the table");
        }
        table.closed = true;
        return table;
    }
}
