package dev.drydock.cli.template;

import dev.drydock.oci.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a template that was read. */
sealed interface Node {
    /** Characters to copy. */
    record Text(String text) implements Node {}

    /** An action that prints. */
    record Print(Pipeline pipeline) implements Node {}

    record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {
        public If {
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    record With(Pipeline value, List<Node> then, List<Node> otherwise) implements Node {
        public With {
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** {@code key} and {@code element} are variables, null where the template names none. */
    record Range(@Nullable String key, @Nullable String element, Pipeline values, List<Node> body, List<Node> otherwise)
            implements Node {
        public Range {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** {@code break} or {@code continue}. */
    record Leave(boolean ends) implements Node {}

    /**
     * Commands, each given the result of the one before.
     *
     * @param variable what the result is kept in; null to use it
     * @param declares whether the variable is new
     */
    record Pipeline(@Nullable String variable, boolean declares, List<Call> calls) {
        public Pipeline {
            calls = List.copyOf(calls);
        }
    }

    /** An operand with arguments: a function, or a value when there are none. */
    record Call(List<Operand> words) {
        public Call {
            words = List.copyOf(words);
        }
    }

    /** A word of a command. */
    sealed interface Operand {
        Place place();

        /** A literal value. */
        record Literal(Place place, JsonValue value) implements Operand {}

        /** {@code .A.B}; no names: the dot itself. */
        record Field(Place place, List<String> names) implements Operand {
            public Field {
                names = List.copyOf(names);
            }
        }

        /** {@code $x.A}. */
        record Variable(Place place, String name, List<String> fields) implements Operand {
            public Variable {
                fields = List.copyOf(fields);
            }
        }

        record Function(Place place, String name) implements Operand {}

        /** {@code (…).A}. */
        record Group(Place place, Pipeline pipeline, List<String> fields) implements Operand {
            public Group {
                fields = List.copyOf(fields);
            }
        }
    }

    /** Where a word stands, and how Go would print it. */
    record Place(int line, int column, String text) {}
}
