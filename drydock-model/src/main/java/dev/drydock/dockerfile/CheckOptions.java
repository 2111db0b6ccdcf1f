package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which checks are made: what {@code # check=} says, or the build argument that replaces it.
 *
 * @param skipped rules that are not reported, by title, or {@link #ALL}
 * @param experimental experimental rules that are reported, by title, or {@link #ALL}
 * @param outcome what a finding means for the build
 */
public record CheckOptions(Set<String> skipped, Set<String> experimental, Outcome outcome) {
    /** Names every rule. */
    public static final String ALL = "all";

    /** Every rule that is not experimental. */
    public static final CheckOptions USUAL = new CheckOptions(Set.of(), Set.of(), Outcome.WARNING);

    private static final int MOST_OPTIONS = 3;

    public CheckOptions {
        skipped = Set.copyOf(skipped);
        experimental = Set.copyOf(experimental);
    }

    /** What findings do to a build. */
    public enum Outcome {
        WARNING,
        ERROR
    }

    /**
     * Reads options such as {@code skip=A,B;error=true}.
     *
     * @throws UserFault {@code invalid check option "x"}, without a place
     */
    public static CheckOptions parse(String text) {
        Set<String> skipped = Set.of();
        Set<String> experimental = Set.of();
        Outcome outcome = Outcome.WARNING;
        if (GoText.trim(text).isEmpty()) {
            return USUAL;
        }
        for (String option : GoText.trim(text).split(";", MOST_OPTIONS)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw invalid(option);
            }
            String key = GoText.trim(option.substring(0, equals));
            String value = GoText.trim(option.substring(equals + 1));
            switch (key) {
                case "skip" -> skipped = titles(value);
                case "experimental" -> experimental = titles(value);
                case "error" -> outcome = outcome(option, value);
                default -> throw invalid(key);
            }
        }
        return new CheckOptions(skipped, experimental, outcome);
    }

    private static Set<String> titles(String value) {
        return value.equals(ALL)
                ? Set.of(ALL)
                : Arrays.stream(value.split(",", -1)).map(GoText::trim).collect(Collectors.toSet());
    }

    private static Outcome outcome(String option, String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> Outcome.ERROR;
            case "0", "f", "F", "false", "FALSE", "False" -> Outcome.WARNING;
            default ->
                throw new UserFault("failed to parse check option " + GoText.quote(option)
                                + ": strconv.ParseBool: parsing " + GoText.quote(value) + ": invalid syntax")
                        .about(value)
                        .hint("Write error=true or error=false.");
        };
    }

    private static UserFault invalid(String option) {
        return new UserFault("invalid check option " + GoText.quote(option))
                .about(option)
                .hint("Write skip=RULE,RULE or error=true or experimental=RULE, with ; between them.");
    }

    /** These and what is said above one instruction, where {@code error} does not count. */
    CheckOptions with(CheckOptions local) {
        return new CheckOptions(union(skipped, local.skipped), union(experimental, local.experimental), outcome);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> both = new LinkedHashSet<>(a);
        both.addAll(b);
        return both;
    }

    boolean reports(Rule rule) {
        return rule.isExperimental() ? names(experimental, rule) : !names(skipped, rule);
    }

    private static boolean names(Set<String> titles, Rule rule) {
        return titles.contains(ALL) || titles.contains(rule.title());
    }
}
