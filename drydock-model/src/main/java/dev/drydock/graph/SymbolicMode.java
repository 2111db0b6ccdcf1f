package dev.drydock.graph;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of permissions as chmod(1) writes it, for example {@code u=rwX,go-w}, read as BuildKit reads it: clauses of who
 * ({@code ugoa}, none means all; there is no umask), then operators, each with what it gives or takes ({@code rwxXst}, and
 * {@code ugo} to copy from). It differs from chmod(1) in that {@code X} looks at the mode before all changes, {@code t}
 * means nothing to {@code o} alone, and {@code =} takes a directory's set-id bits like a file's.
 */
public final class SymbolicMode {
    private static final int USER = 04700;
    private static final int GROUP = 02070;
    private static final int OTHER = 0007;
    private static final int ALL = USER | GROUP | OTHER;
    private static final int STICKY = 01000;
    private static final int EXECUTE = 0111;

    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private int at;

    /** One thing done to a mode. */
    private sealed interface Step {
        record Add(int bits) implements Step {}

        record Take(int bits) implements Step {}

        /** Adds the bits if the mode was executable at first, or is a directory's. */
        record AddWhereExecutable(int bits) implements Step {}

        /** Copies the three bits of {@code from} to those of {@code who}; the operator says how. */
        record Copy(char from, int who, char operator) implements Step {}
    }

    private SymbolicMode(String text) {
        this.text = text;
    }

    /** @throws UserFault {@code invalid chmod parameter: 'u+q': invalid syntax} */
    public static SymbolicMode parse(String text) {
        SymbolicMode mode = new SymbolicMode(text);
        mode.clause();
        while (mode.at < text.length()) {
            mode.at++; // the comma
            mode.clause();
        }
        return mode;
    }

    private void clause() {
        int who = 0;
        while (at < text.length() && "ugoa".indexOf(text.charAt(at)) >= 0) {
            who |= switch (text.charAt(at++)) {
                case 'u' -> USER;
                case 'g' -> GROUP;
                case 'o' -> OTHER;
                default -> ALL;
            };
        }
        do {
            if (at == text.length() || "+-=".indexOf(text.charAt(at)) < 0) {
                throw invalid();
            }
            new Operation(text.charAt(at++), who).read();
        } while (at < text.length() && text.charAt(at) != ',');
    }

    private UserFault invalid() {
        return new UserFault("invalid chmod parameter: '" + text + "': invalid syntax")
                .about(text)
                .hint("Write for example 755, or symbolic bits such as u=rwX,go=rX.");
    }

    /** An operator with what follows it. */
    private final class Operation {
        private final char operator;
        private int who;
        private int bits;
        private int whereExecutable;
        private boolean cleared;

        Operation(char operator, int who) {
            this.operator = operator;
            this.who = who;
        }

        void read() {
            while (at < text.length() && letter(text.charAt(at))) {
                at++;
            }
            if (bits != 0 || (operator == '=' && !cleared)) {
                give();
            }
            giveWhereExecutable();
        }

        private boolean letter(char c) {
            switch (c) {
                case 'r' -> bits |= 0444;
                case 'w' -> bits |= 0222;
                case 'x' -> bits |= EXECUTE;
                case 'X' -> {
                    if (operator == '-') {
                        bits |= EXECUTE;
                    } else {
                        whereExecutable = EXECUTE;
                    }
                }
                case 's' -> bits |= isOfOthersOnly() ? 0 : 06000;
                case 't' -> {
                    if (!isOfOthersOnly()) {
                        who |= STICKY;
                        bits |= STICKY;
                    }
                }
                case 'u', 'g', 'o' -> copy(c);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean isOfOthersOnly() {
            return who == OTHER;
        }

        private void copy(char from) {
            if (bits != 0) {
                give();
                bits = 0;
            }
            cleared = true;
            giveWhereExecutable();
            steps.add(new Step.Copy(from, who == 0 ? ALL : who, operator));
        }

        private void give() {
            int mine = who == 0 ? bits : bits & who;
            if (operator == '=') {
                steps.add(new Step.Take(who == 0 ? ALL : who));
            }
            steps.add(operator == '-' ? new Step.Take(mine) : new Step.Add(mine));
        }

        private void giveWhereExecutable() {
            if (whereExecutable != 0) {
                steps.add(new Step.AddWhereExecutable(who == 0 ? whereExecutable : whereExecutable & who));
                whereExecutable = 0;
            }
        }
    }

    /** The bits ({@code 07777}) of a file that had {@code mode}. */
    public int apply(int mode, boolean directory) {
        int result = mode;
        for (Step step : steps) {
            result = switch (step) {
                case Step.Add(int bits) -> result | bits;
                case Step.Take(int bits) -> result & ~bits;
                case Step.AddWhereExecutable(int bits) -> directory || (mode & EXECUTE) != 0 ? result | bits : result;
                case Step.Copy copy -> copied(copy, result);
            };
        }
        return result;
    }

    private static int copied(Step.Copy copy, int mode) {
        int three = switch (copy.from) {
            case 'u' -> mode >> 6;
            case 'g' -> mode >> 3;
            default -> mode;
        };
        int spread = (three & 7) * EXECUTE & copy.who;
        return switch (copy.operator) {
            case '+' -> mode | spread;
            case '-' -> mode & ~spread;
            default -> (mode & ~(copy.who & 0777)) | spread;
        };
    }
}
