package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Where those who look at a Dockerfile report what they find, and what of it is passed on. */
public final class Checks {
    private final CheckOptions options;
    private final Consumer<Finding> receiver;
    private final Set<String> reported;

    private Checks(CheckOptions options, Consumer<Finding> receiver, Set<String> reported) {
        this.options = options;
        this.receiver = receiver;
        this.reported = reported;
    }

    /** Checks whose findings go to {@code receiver} as they are made. */
    public static Checks of(CheckOptions options, Consumer<Finding> receiver) {
        return new Checks(options, receiver, new TreeSet<>());
    }

    /** Checks that nobody hears of. */
    public static Checks silent() {
        return of(CheckOptions.USUAL, _ -> {});
    }

    /** The same under what the comments above an instruction say: the first {@code check=} among them, if it is valid. */
    public Checks under(List<String> comments) {
        for (String comment : comments) {
            Directive directive = Directive.ofComment(comment);
            if (directive != null && directive.name().equals(Directive.CHECK)) {
                try {
                    CheckOptions local = CheckOptions.parse(directive.firstWord());
                    return new Checks(options.with(local), receiver, reported);
                } catch (UserFault noOptions) {
                    return this; // a comment like any other
                }
            }
        }
        return this;
    }

    /** Reports a finding; {@code details} are what the rule's message has places for. */
    public void report(Rule rule, SourceRange place, Object... details) {
        if (options.reports(rule)) {
            reported.add(rule.title());
            receiver.accept(new Finding(rule, rule.message(details), place));
        }
    }

    /**
     * Ends the build if findings are errors and there are some.
     *
     * @throws UserFault {@code lint violation found for rules: …}, without a place
     */
    public void failIfAsked() {
        if (options.outcome() == CheckOptions.Outcome.ERROR && !reported.isEmpty()) {
            throw new UserFault("lint violation found for rules: " + String.join(", ", reported))
                    .hint("Mend what the warnings name, or skip a rule with # check=skip=RULE;error=true.");
        }
    }
}
