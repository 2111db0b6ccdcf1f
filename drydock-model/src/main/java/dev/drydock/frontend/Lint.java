package dev.drydock.frontend;

import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Collects what the checks find, under the rules of {@code # check=}. */
final class Lint {
    private static final String URL = "https://docs.docker.com/go/dockerfile/rule/";
    private static final Set<String> HERE = Set.of("JSONArgsRecommended", "MultipleInstructionsDisallowed");
    private static final String NO_URL = "InvalidBaseImagePlatform";

    private final Set<String> skipped = new HashSet<>();
    private final List<BuildPlan.Finding> findings = new ArrayList<>();
    private boolean fatal;

    /** {@code check} is the directive's value, or that of the build argument that replaces it. */
    Lint(@Nullable String check) {
        if (check == null || check.isBlank()) {
            return;
        }
        String options = check.strip();
        int blank = options.indexOf(' ');
        for (String option : (blank < 0 ? options : options.substring(0, blank)).split(";", 3)) {
            int equals = option.indexOf('=');
            String key = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            switch (key.strip()) {
                case "skip" -> skipped.addAll(rules(value));
                case "error" ->
                    fatal = value.strip().equalsIgnoreCase("true")
                            || value.strip().equals("1");
                case "experimental" -> {} // no experimental rule is implemented, so there is nothing to opt in to
                default ->
                    throw new UserFault("invalid check option \"" + key + "\"")
                            .hint("Write skip=RULE, error=true or experimental=RULE.");
            }
        }
    }

    private static Set<String> rules(String value) {
        return new HashSet<>(
                Arrays.stream(value.split(",", -1)).map(String::strip).toList());
    }

    /** Takes over what the parser found, but for the rules that depend on the base image and are asked again here. */
    void takeOver(List<Dockerfile.Finding> parsed) {
        for (Dockerfile.Finding finding : parsed) {
            if (!HERE.contains(finding.rule())) {
                add(finding.rule(), finding.message(), finding.range());
            }
        }
    }

    void report(String rule, String message, Command command) {
        for (String comment : command.instruction().written().comments()) {
            if (comment.startsWith("check=skip=") && skips(rules(comment.substring("check=skip=".length())), rule)) {
                return;
            }
        }
        add(rule, message, command.place());
    }

    void add(String rule, String message, @Nullable SourceRange range) {
        if (!skips(skipped, rule)) {
            findings.add(new BuildPlan.Finding(rule, message, url(rule), range));
        }
    }

    private static boolean skips(Set<String> rules, String rule) {
        return rules.contains("all") || rules.contains(rule);
    }

    private static @Nullable String url(String rule) {
        if (rule.equals(NO_URL)) {
            return null;
        }
        StringBuilder kebab = new StringBuilder();
        for (int i = 0; i < rule.length(); i++) {
            char c = rule.charAt(i);
            boolean startsWord = Character.isUpperCase(c)
                    && i > 0
                    && (Character.isLowerCase(rule.charAt(i - 1))
                            || (i + 1 < rule.length() && Character.isLowerCase(rule.charAt(i + 1))));
            kebab.append(startsWord ? "-" : "").append(c);
        }
        return URL + kebab.toString().toLowerCase(Locale.ROOT) + "/";
    }

    List<BuildPlan.Finding> findings() {
        return findings;
    }

    /** Ends the build if {@code # check=error=true} asks for it and something was found. */
    void failIfAsked() {
        if (fatal && !findings.isEmpty()) {
            Set<String> rules = new TreeSet<>();
            findings.forEach(finding -> rules.add(finding.rule()));
            throw new UserFault("lint violation found for rules: " + String.join(", ", rules));
        }
    }
}
