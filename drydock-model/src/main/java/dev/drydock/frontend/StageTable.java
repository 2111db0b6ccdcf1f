package dev.drydock.frontend;

import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.dockerfile.WordExpander.Expansion;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stages of a file, FROM lines expanded, in the order written. */
final class StageTable {
    private final List<Stage> stages = new ArrayList<>();
    private final Map<String, Stage> byName = new HashMap<>(); // the last one so far of each name
    private final GlobalScope scope;
    private final WordExpander expander;
    private final Lint lint;

    private StageTable(GlobalScope scope, WordExpander expander, Lint lint) {
        this.scope = scope;
        this.expander = expander;
        this.lint = lint;
    }

    static StageTable of(Dockerfile file, GlobalScope scope, WordExpander expander, Lint lint) {
        StageTable table = new StageTable(scope, expander, lint);
        for (Instruction instruction : file.instructions()) {
            if (instruction instanceof Instruction.From from) {
                Faults.at(from.range(), () -> table.open(from));
            } else if (!table.stages.isEmpty()) {
                table.stages.getLast().own().add(instruction);
            } else if (!(instruction instanceof Instruction.Arg)) {
                throw new UserFault("no build stage in current context")
                        .at(instruction.range())
                        .hint("The first instruction of a Dockerfile is FROM; only ARG may come before it.");
            }
        }
        if (table.stages.isEmpty()) {
            throw new UserFault("dockerfile contains no stages to build")
                    .hint("Add a FROM line that names the image to start from.");
        }
        return table;
    }

    private void open(Instruction.From from) {
        String baseName = expandFrom(from, from.base());
        if (baseName.isBlank()) {
            throw new UserFault("base name (" + from.base() + ") should not be blank")
                    .hint("Give the variable a value with --build-arg or a default with ARG before FROM.");
        }
        Stage base = byName.get(baseName);
        Stage stage = new Stage(stages.size(), from.name(), baseName, base, platform(from), from.range());
        stages.add(stage);
        if (from.name() != null) {
            byName.put(from.name(), stage);
        }
    }

    private String expandFrom(Instruction.From from, String word) {
        Expansion expansion = expander.expand(word, scope::value);
        for (String name : expansion.unmatched()) {
            if (!scope.isDeclared(name)) {
                String like = Suggestion.nearest(name, scope.names())
                        .map(near -> " (did you mean " + near + "?)")
                        .orElse("");
                lint.add("UndefinedArgInFrom", "FROM argument '" + name + "' is not declared" + like, from.range());
            }
        }
        return expansion.value();
    }

    private @Nullable Platform platform(Instruction.From from) {
        String written = from.platform();
        if (written == null) {
            return null;
        }
        if (written.equals("$TARGETPLATFORM") || written.equals("${TARGETPLATFORM}")) {
            lint.add(
                    "RedundantTargetPlatform",
                    "Setting platform to predefined " + written
                            + " in FROM is redundant as this is the default behavior",
                    from.range());
        }
        String expanded = expandFrom(from, written);
        if (expanded.isEmpty()) {
            throw new UserFault("empty platform value from expression " + written);
        }
        Platform platform;
        try {
            platform = Platform.parse(expanded);
        } catch (UserFault e) {
            throw Faults.prefixed("failed to parse platform " + expanded + ": ", e);
        }
        boolean namedAfterIt = from.name() != null
                && (from.name().contains(platform.os()) || from.name().contains(platform.architecture()));
        if (written.indexOf('$') < 0 && !namedAfterIt) {
            lint.add(
                    "FromPlatformFlagConstDisallowed",
                    "FROM --platform flag should not use constant value \"" + written + "\"",
                    from.range());
        }
        return platform;
    }

    /** Reports base names that only build arguments make valid; {@code defaults} is the scope without them. */
    void checkDefaults(List<Instruction> instructions, GlobalScope defaults) {
        for (Instruction instruction : instructions) {
            if (instruction instanceof Instruction.From from && from.base().indexOf('$') >= 0) {
                boolean valid;
                try {
                    ImageRef.parse(expander.expand(from.base(), defaults::value).value());
                    valid = true;
                } catch (UserFault invalid) {
                    valid = false;
                }
                if (!valid) {
                    lint.add(
                            "InvalidDefaultArgInFrom",
                            "Default value for ARG " + from.base() + " results in empty or invalid base image name",
                            from.range());
                }
            }
        }
    }

    int size() {
        return stages.size();
    }

    List<Stage> stages() {
        return stages;
    }

    /** Names of all stages that have one. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage.name() != null) {
                names.add(stage.name());
            }
        }
        return names;
    }

    /** The stage to build: the last one if {@code name} is null; letter case does not matter. */
    Stage target(@Nullable String name, String fileName) {
        if (name == null || name.isEmpty()) {
            return stages.getLast();
        }
        Stage stage = byName.get(name.toLowerCase(Locale.ROOT));
        if (stage != null) {
            return stage;
        }
        String like = Suggestion.nearest(name, names())
                .map(near -> " (did you mean " + near + "?)")
                .orElse("");
        DrydockException fault = new UserFault("target stage \"" + name + "\" could not be found" + like)
                .at(SourceRange.lines(fileName, 1, 1));
        throw names().isEmpty() ? fault : fault.hint("Stages with a name: " + String.join(", ", names()) + ".");
    }

    /** The stage that a {@code --from} in {@code user} means by name: the nearest above, else one below; null for none. */
    @Nullable
    Stage named(String name, Stage user) {
        String lower = name.toLowerCase(Locale.ROOT);
        Stage found = null;
        for (Stage stage : stages) {
            if (lower.equals(stage.name()) && (found == null || stage.index() < user.index())) {
                found = stage;
            }
        }
        return found;
    }
}
