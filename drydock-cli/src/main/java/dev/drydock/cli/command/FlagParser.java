package dev.drydock.cli.command;

import java.util.List;
import java.util.Locale;

/**
 * Reads a command line as Docker's commands do, with their words for what is wrong: {@code --name value}, {@code
 * --name=value}, {@code -n value}, {@code -nvalue}, clustered letters, {@code --} ends flags, flags and operands in any
 * order.
 */
final class FlagParser {
    private final CommandSpec spec;
    private final List<String> words;
    private final Arguments found = new Arguments();
    private int next;

    private FlagParser(CommandSpec spec, List<String> words) {
        this.spec = spec;
        this.words = words;
    }

    /**
     * Reads the words after the command's name.
     *
     * @throws UsageError if they cannot be understood
     */
    static Arguments parse(CommandSpec spec, List<String> words) {
        FlagParser parser = new FlagParser(spec, words);
        parser.run();
        if (!parser.found.isOn("help")) {
            parser.count();
        }
        return parser.found;
    }

    private void run() {
        while (next < words.size()) {
            String word = words.get(next++);
            if (word.equals("--")) {
                while (next < words.size()) {
                    found.addOperand(words.get(next++));
                }
            } else if (word.startsWith("--")) {
                longFlag(word);
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                letters(word.substring(1));
            } else {
                found.addOperand(word);
            }
        }
    }

    private void longFlag(String word) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        if (name.isEmpty() || name.charAt(0) == '-') {
            throw wrong("bad flag syntax: " + word);
        }
        Flag flag = spec.flag(name);
        if (flag == null) {
            throw wrong("unknown flag: --" + name);
        }
        if (equals >= 0) {
            set(flag, word.substring(equals + 1));
        } else if (flag.isToggle()) {
            set(flag, "true");
        } else if (next < words.size()) {
            set(flag, words.get(next++));
        } else {
            throw wrong("flag needs an argument: --" + name);
        }
    }

    private void letters(String cluster) {
        for (int i = 0; i < cluster.length(); i++) {
            char letter = cluster.charAt(i);
            String rest = cluster.substring(i);
            Flag flag = spec.flag(letter);
            if (flag == null) {
                if (letter == 'h') {
                    found.add(CommandSpec.GLOBAL.get(1), "true");
                    continue;
                }
                throw wrong("unknown shorthand flag: '" + letter + "' in -" + rest);
            }
            if (rest.length() > 2 && rest.charAt(1) == '=') {
                set(flag, rest.substring(2));
                return;
            }
            if (flag.isToggle()) {
                set(flag, "true");
                continue;
            }
            if (rest.length() > 1) {
                set(flag, rest.substring(1));
            } else if (next < words.size()) {
                set(flag, words.get(next++));
            } else {
                throw wrong("flag needs an argument: '" + letter + "' in -" + rest);
            }
            return;
        }
    }

    private void set(Flag flag, String value) {
        if (flag.isToggle()) {
            found.add(flag, Boolean.toString(truth(flag, value)));
            return;
        }
        if ("filter".equals(flag.type()) && value.indexOf('=') < 0) {
            throw wrong("invalid argument \"" + value + "\" for \"" + flag.display()
                    + "\" flag: bad format of filter (expected name=value)");
        }
        found.add(flag, value);
    }

    private boolean truth(Flag flag, String value) {
        return GoBool.of(value)
                .orElseThrow(() -> wrong("invalid argument \"" + value + "\" for \"" + flag.display() + "\" flag: "
                        + GoBool.fault(value)));
    }

    private UsageError wrong(String message) {
        return new UsageError(message, UsageError.FLAGS, spec);
    }

    private void count() {
        int given = found.operands().size();
        int min = spec.arity().min();
        int max = spec.arity().max();
        if (given >= min && (max < 0 || given <= max)) {
            return;
        }
        String problem;
        if (max == 0) {
            problem = "accepts no arguments";
        } else if (min == max) {
            problem = "requires " + arguments(min);
        } else if (given < min) {
            problem = "requires at least " + arguments(min);
        } else {
            problem = "requires at most " + arguments(max);
        }
        String line = String.join(" ", "drydock:", "'" + spec.path() + "'", problem);
        throw new UsageError(spec.path().endsWith("build") ? "ERROR: " + line : line, UsageError.OPERANDS, spec);
    }

    private static String arguments(int count) {
        return count == 1 ? "1 argument" : String.format(Locale.ROOT, "%d arguments", count);
    }
}
