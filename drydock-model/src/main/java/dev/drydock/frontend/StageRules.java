package dev.drydock.frontend;

import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.Rule;
import dev.drydock.fault.Suggestion;
import dev.drydock.ignore.IgnoreMatcher;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules about instructions that are carried out: they need values that only a stage has. One for each stage. */
final class StageRules {
    private static final Set<String> SECRET_WORDS = Set.of(
            "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token");
    private static final Set<String> HARMLESS_WORDS = Set.of("public", "file", "version");
    /** They say what to scan and are no variables of the build. */
    private static final Set<String> NO_VARIABLES = Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");
    /** The patterns that hide everything in the context. */
    private static final List<String> EVERYTHING = List.of("*", "**", "**/*");

    private final Checks checks;
    private final Map<String, Command> last = new HashMap<>();

    StageRules(Checks checks) {
        this.checks = checks;
    }

    private void report(Rule rule, Command command, Object... details) {
        checks.under(command.instruction().written().comments()).report(rule, command.place(), details);
    }

    /** The keyword as messages of rules name it: as it was written. */
    private static String keyword(Command command) {
        return command.instruction().written().keywordAsWritten();
    }

    /** Variables that nothing has set; {@code known} are those that something has. */
    void undefined(Collection<String> names, Collection<String> known, Command command) {
        for (String name : names) {
            if (!NO_VARIABLES.contains(name)) {
                String like = Suggestion.didYouMean(name, known).replace("mean ", "mean $");
                report(Rule.UNDEFINED_VAR, command, name, like);
            }
        }
    }

    /** Of some instructions only the last counts; the finding's place is the earlier one's. */
    void once(Command command) {
        Command earlier = last.put(command.instruction().keyword(), command);
        if (earlier != null) {
            checks.under(command.instruction().written().comments())
                    .report(Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED, earlier.place(), keyword(command));
        }
    }

    /** Whether {@link #once} has seen such an instruction in this stage. */
    boolean hasSeen(String keyword) {
        return last.containsKey(keyword);
    }

    /** A shell form with {@code shell}, null when that is the builder's own choice. */
    void shellForm(Command command, @Nullable List<String> shell) {
        if (shell == null || shell.isEmpty()) {
            report(Rule.JSON_ARGS_RECOMMENDED, command, keyword(command));
        }
    }

    /** A variable that is called like a secret. */
    void secretName(String kind, String key, Command command) {
        List<String> words = Arrays.asList(key.toLowerCase(Locale.ROOT).split("_", -1));
        if (!Collections.disjoint(words, SECRET_WORDS) && Collections.disjoint(words, HARMLESS_WORDS)) {
            report(Rule.SECRETS_USED_IN_ARG_OR_ENV, command, kind, GoFormat.quoted(key));
        }
    }

    void legacyPair(Command command) {
        report(Rule.LEGACY_KEY_VALUE_FORMAT, command, keyword(command));
    }

    /** The first WORKDIR of a stage and those it starts from. */
    void firstDirectory(String path, Command command) {
        if (!UnixPath.isAbsolute(path)) {
            report(Rule.WORKDIR_RELATIVE_PATH, command, GoFormat.quoted(path));
        }
    }

    void port(String written, Ports.Spec spec, Command command) {
        if (!spec.isLowerCase()) {
            report(Rule.EXPOSE_PROTO_CASING, command, written);
        }
        if (spec.isMapping()) {
            report(Rule.EXPOSE_INVALID_FORMAT, command, written);
        }
    }

    /** A source of the build context that the ignore file hides; with exceptions in it, nobody can tell. */
    void contextSource(String source, IgnoreMatcher ignored, List<String> patterns, Command command) {
        if (ignored.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.startsWith("!"))) {
            return;
        }
        String cleaned = UnixPath.clean(source).substring(1);
        boolean absolute = UnixPath.isAbsolute(source);
        boolean root = cleaned.isEmpty();
        String shown = root ? (absolute ? "/" : ".") : absolute ? "/" + cleaned : cleaned;
        boolean hidden = root ? patterns.stream().anyMatch(EVERYTHING::contains) : ignored.ignored(shown);
        if (hidden) {
            report(
                    Rule.COPY_IGNORED_FILE,
                    command,
                    command.instruction().keyword().equals("ADD") ? "Add" : "Copy",
                    GoFormat.quoted(shown));
        }
    }
}
