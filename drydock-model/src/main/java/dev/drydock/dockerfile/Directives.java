package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.HashSet;
import java.util.Set;

/**
 * The directives as the parser meets them: it trims lines and ends at the first that is no directive, which decides on
 * {@code escape} and on repetition. Where {@code syntax} and {@code check} are looked for is {@link Directive}'s, with
 * rules that differ in small ways, as they do in BuildKit.
 */
final class Directives {
    static final char DEFAULT_ESCAPE = '\\';

    private final Set<String> seen = new HashSet<>();
    private boolean done;
    private char escape = DEFAULT_ESCAPE;

    char escape() {
        return escape;
    }

    /** Takes the next line, without its leading blanks; true if it is a directive. */
    boolean take(String line, SourceRange place) {
        if (done) {
            return false;
        }
        Directive directive = line.startsWith("#") ? Directive.ofComment(line.substring(1)) : null;
        if (directive == null) {
            done = true;
            return false;
        }
        if (!seen.add(directive.name())) {
            throw new UserFault("only one " + directive.name() + " parser directive can be used")
                    .at(place)
                    .about(Directive.nameAsWritten(line.substring(1)))
                    .hint("Take this line out, or the one above that says the same.");
        }
        if (directive.name().equals(Directive.ESCAPE)) {
            if (!directive.value().equals("\\") && !directive.value().equals("`")) {
                throw new UserFault("invalid escape token '" + directive.value() + "' does not match ` or \\")
                        .at(place)
                        .about(directive.value())
                        .hint("Write \"# escape=\\\" or \"# escape=`\".");
            }
            escape = directive.value().charAt(0);
        }
        return true;
    }
}
