package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of permissions as chmod(1) writes it, for example {@code u=rwX,go-w}: clauses of who ({@code ugoa}, none means
 * all; there is no umask), an operator and what ({@code rwxXst}, or one of {@code ugo} to copy from).
 */
final class SymbolicMode {
    private static final int USER = 04700;
    private static final int GROUP = 02070;
    private static final int OTHER = 01007;

    private final String text;
    private final List<Change> changes = new ArrayList<>();

    /** One operator with its operands; {@code who} is a mask of the bits that it may touch. */
    private record Change(int who, char operator, String what) {}

    SymbolicMode(String text) {
        this.text = text;
        for (String clause : text.split(",", -1)) {
            parse(clause);
        }
    }

    private void parse(String clause) {
        int who = 0;
        int at = 0;
        while (at < clause.length() && "ugoa".indexOf(clause.charAt(at)) >= 0) {
            who |= mask(clause.charAt(at++));
        }
        if (who == 0) {
            who = mask('a');
        }
        if (at == clause.length()) {
            throw invalid("'" + clause + "' has no '+', '-' or '='");
        }
        while (at < clause.length()) {
            char operator = clause.charAt(at++);
            if ("+-=".indexOf(operator) < 0) {
                throw invalid("'" + operator + "' is not one of '+', '-', '='");
            }
            int start = at;
            while (at < clause.length() && "+-=".indexOf(clause.charAt(at)) < 0) {
                at++;
            }
            String what = clause.substring(start, at);
            check(what);
            changes.add(new Change(who, operator, what));
        }
    }

    private void check(String what) {
        if (what.length() == 1 && "ugo".contains(what)) {
            return;
        }
        for (int i = 0; i < what.length(); i++) {
            if ("rwxXst".indexOf(what.charAt(i)) < 0) {
                throw invalid("'" + what.charAt(i) + "' is not one of 'r', 'w', 'x', 'X', 's', 't'");
            }
        }
    }

    private UserFault invalid(String cause) {
        return new UserFault("invalid chmod parameter: '" + text + "': " + cause);
    }

    private static int mask(char who) {
        return switch (who) {
            case 'u' -> USER;
            case 'g' -> GROUP;
            case 'o' -> OTHER;
            default -> USER | GROUP | OTHER;
        };
    }

    /** The bits ({@code 07777}) of a file that had {@code mode}. */
    int apply(int mode, boolean directory) {
        int result = mode;
        for (Change change : changes) {
            int bits = bits(change, result, directory);
            result = switch (change.operator) {
                case '+' -> result | bits;
                case '-' -> result & ~bits;
                default -> (result & ~cleared(change.who, directory)) | bits;
            };
        }
        return result;
    }

    /** What '=' takes away; a directory's set-user-id and set-group-id bits stay, as chmod(1) keeps them. */
    private static int cleared(int who, boolean directory) {
        return directory ? who & ~06000 : who;
    }

    private static int bits(Change change, int mode, boolean directory) {
        int bits = 0;
        for (int i = 0; i < change.what.length(); i++) {
            bits |= switch (change.what.charAt(i)) {
                case 'r' -> 0444;
                case 'w' -> 0222;
                case 'x' -> 0111;
                case 'X' -> directory || (mode & 0111) != 0 ? 0111 : 0;
                case 's' -> 06000;
                case 't' -> 01000;
                case 'u' -> spread(mode >> 6);
                case 'g' -> spread(mode >> 3);
                default -> spread(mode);
            };
        }
        return bits & change.who;
    }

    private static int spread(int triple) {
        int bits = triple & 7;
        return bits << 6 | bits << 3 | bits;
    }
}
