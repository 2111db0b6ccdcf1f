package dev.drydock.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command looks like from outside: the parser, help, completions, manual pages and the reference are all made from
 * it.
 *
 * @param path the words that reach it, for example {@code drydock image ls}
 * @param operands the rest of the usage line, for example {@code SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]}
 * @param summary one line
 * @param description paragraphs; may be empty
 * @param aliases all names of it in full, as help lists them; empty when it has one name only
 * @param operandKind what completions offer for operands
 */
record CommandSpec(
        String path,
        String operands,
        String summary,
        String description,
        List<String> aliases,
        List<Flag> flags,
        List<Flag> hidden,
        Arity arity,
        OperandKind operandKind,
        List<Example> examples) {
    CommandSpec {
        aliases = List.copyOf(aliases);
        flags = List.copyOf(flags);
        hidden = List.copyOf(hidden);
        examples = List.copyOf(examples);
    }

    /** Flags that every command knows. */
    static final List<Flag> GLOBAL = List.of(
            Flag.toggle("debug", "Enable debug output; of a bug, the stack trace")
                    .letter('D'),
            Flag.toggle("help", "Print usage"),
            Flag.value("root", "directory", "Keep images and the build cache in this directory"));

    /** How many operands a command takes. {@code max} of -1 means any number. */
    record Arity(int min, int max) {
        static final Arity NONE = new Arity(0, 0);
        static final Arity ANY = new Arity(0, -1);

        static Arity exactly(int count) {
            return new Arity(count, count);
        }

        static Arity atLeast(int count) {
            return new Arity(count, -1);
        }

        static Arity atMost(int count) {
            return new Arity(0, count);
        }
    }

    /** What stands for an operand. */
    enum OperandKind {
        NOTHING,
        IMAGE,
        DIRECTORY,
        FILE,
        SHELL
    }

    /** Something to copy: what it does, and the command line. */
    record Example(String about, String line) {}

    /** {@code drydock build [OPTIONS] PATH}. */
    String usageLine() {
        return path + (flags.isEmpty() ? "" : " [OPTIONS]") + (operands.isEmpty() ? "" : " " + operands);
    }

    /** The flag of this long name, null if it has none. */
    @Nullable
    Flag flag(String name) {
        for (Flag flag : all()) {
            if (flag.name().equals(name)) {
                return flag;
            }
        }
        return null;
    }

    /** The flag of this letter, null if it has none. */
    @Nullable
    Flag flag(char letter) {
        for (Flag flag : all()) {
            if (flag.hasLetter() && flag.shorthand() == letter) {
                return flag;
            }
        }
        return null;
    }

    private List<Flag> all() {
        List<Flag> all = new ArrayList<>(flags);
        all.addAll(hidden);
        all.addAll(GLOBAL);
        return all;
    }

    /** The same command reached by other words. */
    CommandSpec at(String otherPath) {
        return new CommandSpec(
                otherPath, operands, summary, description, aliases, flags, hidden, arity, operandKind, examples);
    }

    static Builder command(String path, String summary) {
        return new Builder(path, summary);
    }

    /** A command in the making. */
    static final class Builder {
        private final String path;
        private final String summary;
        private String operands = "";
        private String description = "";
        private final List<String> aliases = new ArrayList<>();
        private final List<Flag> flags = new ArrayList<>();
        private final List<Flag> hidden = new ArrayList<>();
        private Arity arity = Arity.NONE;
        private OperandKind operandKind = OperandKind.NOTHING;
        private final List<Example> examples = new ArrayList<>();

        private Builder(String path, String summary) {
            this.path = path;
            this.summary = summary;
        }

        Builder operands(String text, Arity count, OperandKind kind) {
            operands = text;
            arity = count;
            operandKind = kind;
            return this;
        }

        Builder about(String text) {
            description = text;
            return this;
        }

        Builder alias(String... names) {
            aliases.addAll(List.of(names));
            return this;
        }

        Builder flag(Flag flag) {
            flags.add(flag);
            return this;
        }

        /** A flag that old scripts give; neither help nor completions tell of it. */
        Builder hidden(Flag flag) {
            hidden.add(flag);
            return this;
        }

        Builder example(String about, String line) {
            examples.add(new Example(about, line));
            return this;
        }

        CommandSpec build() {
            return new CommandSpec(
                    path, operands, summary, description, aliases, flags, hidden, arity, operandKind, examples);
        }
    }
}
