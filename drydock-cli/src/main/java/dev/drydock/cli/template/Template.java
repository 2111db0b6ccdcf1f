package dev.drydock.cli.template;

import dev.drydock.cli.template.Node.Call;
import dev.drydock.cli.template.Node.Operand;
import dev.drydock.cli.template.Node.Pipeline;
import dev.drydock.cli.template.Node.Place;
import dev.drydock.oci.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A template that was read and can be filled any number of times. */
public final class Template {
    private final List<Node> nodes;

    private Template(List<Node> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Reads a template.
     *
     * @throws TemplateError if it cannot be read
     */
    public static Template parse(String text) {
        return new Template(Parser.parse(text));
    }

    /**
     * Fills the template.
     *
     * @param type the name of the Go type that {@code data} stands for; null when it is a map
     * @throws TemplateError if it does not fit
     */
    public String fill(JsonValue data, @Nullable String type) {
        return fill(new Run(data, type, Map.of(), Functions::call));
    }

    /**
     * Fills the template with a value of Go types that leave empty members out of their JSON.
     *
     * @param zeros what a member of this name is where the data has none
     * @throws TemplateError if it does not fit
     */
    public String fill(JsonValue data, Map<String, Zero> zeros) {
        return fill(new Run(data, null, zeros, Functions::call));
    }

    /**
     * Fills the template with what stands above the columns: functions that change a text leave it as it is.
     *
     * @throws TemplateError if it does not fit
     */
    public String fillHeadings(JsonValue headings, @Nullable String type) {
        return fill(new Run(headings, type, Map.of(), Functions::callOnHeading));
    }

    private String fill(Run run) {
        run.nodes(nodes, run.root);
        return run.out.toString();
    }

    /** What a member of a Go type is when nothing is said. */
    public enum Zero {
        TEXT,
        FALSE,
        LIST,
        MAP,
        POINTER;

        private JsonValue value() {
            return switch (this) {
                case TEXT -> JsonValue.of("");
                case FALSE -> JsonValue.of(false);
                case LIST -> Functions.NIL_LIST;
                case MAP -> Functions.NIL_MAP;
                case POINTER -> new JsonValue.Null();
            };
        }
    }

    /** How functions are called. */
    private interface Caller {
        JsonValue call(String name, List<JsonValue> args);
    }

    private static final class Run {
        final StringBuilder out = new StringBuilder();
        private final JsonValue root;
        private final @Nullable String type;
        private final Map<String, Zero> zeros;
        private final Caller functions;
        private final Deque<Map<String, JsonValue>> scopes = new ArrayDeque<>();
        private boolean leaving;
        private boolean ending;

        Run(JsonValue root, @Nullable String type, Map<String, Zero> zeros, Caller functions) {
            this.root = root;
            this.type = type;
            this.zeros = zeros;
            this.functions = functions;
            scopes.push(new HashMap<>(Map.of("$", root)));
        }

        void nodes(List<Node> nodes, JsonValue dot) {
            for (Node node : nodes) {
                if (leaving) {
                    return;
                }
                node(node, dot);
            }
        }

        private void node(Node node, JsonValue dot) {
            switch (node) {
                case Node.Text(var text) -> out.append(text);
                case Node.Print(var pipeline) -> {
                    JsonValue value = pipeline(pipeline, dot);
                    if (pipeline.variable() == null) {
                        out.append(
                                value instanceof JsonValue.Null && zeros.isEmpty()
                                        ? "<no value>"
                                        : Functions.show(value));
                    }
                }
                case Node.If(var condition, var then, var otherwise) ->
                    scoped(() -> nodes(Functions.isTrue(pipeline(condition, dot)) ? then : otherwise, dot));
                case Node.With(var value, var then, var otherwise) ->
                    scoped(() -> {
                        JsonValue inner = pipeline(value, dot);
                        boolean there = Functions.isTrue(inner);
                        nodes(there ? then : otherwise, there ? inner : dot);
                    });
                case Node.Range range -> scoped(() -> range(range, dot));
                case Node.Leave(var ends) -> {
                    leaving = true;
                    ending = ends;
                }
            }
        }

        private void scoped(Runnable body) {
            scopes.push(new HashMap<>());
            body.run();
            scopes.pop();
        }

        private void range(Node.Range range, JsonValue dot) {
            JsonValue values = pipeline(range.values(), dot);
            SortedMap<String, JsonValue> members = new TreeMap<>();
            List<JsonValue> keys = new ArrayList<>();
            List<JsonValue> items = new ArrayList<>();
            switch (values) {
                case JsonValue.Arr(var elements) -> {
                    for (JsonValue element : elements) {
                        keys.add(JsonValue.of(keys.size()));
                        items.add(element);
                    }
                }
                case JsonValue.Obj(var map) -> {
                    members.putAll(map);
                    members.forEach((key, value) -> {
                        keys.add(JsonValue.of(key));
                        items.add(value);
                    });
                }
                case JsonValue.Null _ -> {
                    // nothing to go over: the else branch
                }
                case JsonValue.Text _, JsonValue.Num _, JsonValue.Bool _ -> {
                    Place place =
                            range.values().calls().getFirst().words().getFirst().place();
                    throw at(place, "range can't iterate over " + Functions.show(values));
                }
            }
            if (items.isEmpty()) {
                nodes(range.otherwise(), dot);
            }
            for (int i = 0; i < items.size(); i++) {
                set(range.key(), keys.get(i));
                set(range.element(), items.get(i));
                nodes(range.body(), items.get(i));
                if (leaving) {
                    leaving = false;
                    if (ending) {
                        return;
                    }
                }
            }
        }

        private void set(@Nullable String name, JsonValue value) {
            if (name != null) {
                scopes.getFirst().put(name, value);
            }
        }

        private JsonValue pipeline(Pipeline pipeline, JsonValue dot) {
            JsonValue value = null;
            for (Call call : pipeline.calls()) {
                value = call(call, dot, value);
            }
            JsonValue result = value == null ? new JsonValue.Null() : value;
            String name = pipeline.variable();
            if (name != null) {
                Map<String, JsonValue> scope = scopes.getFirst();
                if (!pipeline.declares()) {
                    for (Map<String, JsonValue> outer : scopes) {
                        if (outer.containsKey(name)) {
                            scope = outer;
                            break;
                        }
                    }
                }
                scope.put(name, result);
            }
            return result;
        }

        private JsonValue call(Call call, JsonValue dot, @Nullable JsonValue last) {
            Operand first = call.words().getFirst();
            if (!(first instanceof Operand.Function(var place, var name))) {
                if (call.words().size() > 1 || last != null) {
                    throw at(
                            first.place(),
                            "can't give argument to non-function "
                                    + first.place().text());
                }
                return value(first, dot);
            }
            List<Operand> rest = call.words().subList(1, call.words().size());
            if (name.equals("and") || name.equals("or")) {
                return either(name, rest, dot, last);
            }
            List<JsonValue> args = new ArrayList<>();
            for (Operand word : rest) {
                args.add(value(word, dot));
            }
            if (last != null) {
                args.add(last);
            }
            try {
                return functions.call(name, args);
            } catch (Functions.Misuse e) {
                throw at(place, String.valueOf(e.getMessage()));
            }
        }

        /** {@code and} and {@code or} look at no more words than they need. */
        private JsonValue either(String name, List<Operand> words, JsonValue dot, @Nullable JsonValue last) {
            JsonValue value = JsonValue.of(false);
            for (Operand word : words) {
                value = value(word, dot);
                if (Functions.isTrue(value) == name.equals("or")) {
                    return value;
                }
            }
            return last == null ? value : last;
        }

        private JsonValue value(Operand operand, JsonValue dot) {
            return switch (operand) {
                case Operand.Literal(var _, var value) -> value;
                case Operand.Field(var place, var names) -> path(place, dot, names);
                case Operand.Variable(var place, var name, var names) -> path(place, variable(place, name), names);
                case Operand.Group(var place, var pipeline, var names) -> path(place, pipeline(pipeline, dot), names);
                case Operand.Function(var place, var name) -> {
                    try {
                        yield functions.call(name, List.of());
                    } catch (Functions.Misuse e) {
                        throw at(place, String.valueOf(e.getMessage()));
                    }
                }
            };
        }

        private JsonValue variable(Place place, String name) {
            for (Map<String, JsonValue> scope : scopes) {
                JsonValue value = scope.get(name);
                if (value != null) {
                    return value;
                }
            }
            throw at(place, "undefined variable: " + name);
        }

        private JsonValue path(Place place, JsonValue from, List<String> names) {
            JsonValue value = from;
            for (String name : names) {
                value = field(place, value, name);
            }
            return value;
        }

        private JsonValue field(Place place, JsonValue value, String name) {
            if (value instanceof JsonValue.Obj(var members)) {
                JsonValue member = members.get(name);
                if (member != null) {
                    return member;
                }
                Zero zero = zeros.get(name);
                if (zero != null) {
                    return zero.value();
                }
                throw at(
                        place,
                        type != null && value.equals(root)
                                ? "can't evaluate field " + name + " in type " + type
                                : "map has no entry for key \"" + name + "\"");
            }
            if (value instanceof JsonValue.Null) {
                throw at(place, "nil pointer evaluating interface {}." + name);
            }
            throw at(place, "can't evaluate field " + name + " in type " + Functions.typeName(value));
        }

        private static TemplateError at(Place place, String problem) {
            return TemplateError.execute(place.line(), place.column(), place.text(), problem);
        }
    }
}
