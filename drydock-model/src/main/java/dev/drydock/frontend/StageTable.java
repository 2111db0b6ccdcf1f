package dev.drydock.frontend;

import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.MountFlag;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.dockerfile.WordExpander.Expansion;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stages of a file, FROM lines expanded, in the order written. */
final class StageTable {
    private final List<Stage> stages = new ArrayList<>();
    private final Map<String, Stage> byName = new HashMap<>(); // the last one so far of each name
    private final GlobalScope scope;
    private final WordExpander expander;
    private final Checks checks;
    private final NamedContexts contexts;
    private final Platform targetPlatform;
    /** Whether a named context stands for the last stage, whose instructions mean nothing then. */
    private boolean replaced;

    private StageTable(GlobalScope scope, WordExpander expander, Checks checks, BuildOptions options) {
        this.contexts = options.contexts();
        this.targetPlatform = options.targetPlatform();
        this.scope = scope;
        this.expander = expander;
        this.checks = checks;
    }

    static StageTable of(
            Dockerfile file, GlobalScope scope, WordExpander expander, Checks checks, BuildOptions options) {
        StageTable table = new StageTable(scope, expander, checks, options);
        for (Instruction instruction : file.instructions()) {
            if (instruction instanceof Instruction.From from) {
                Faults.about(from.base(), () -> Faults.at(from.range(), () -> table.open(from)));
            } else if (!table.stages.isEmpty() && !table.replaced) {
                table.stages.getLast().own().add(instruction);
            }
        }
        return table;
    }

    private void open(Instruction.From from) {
        Checks local = checks.under(from.written().comments());
        Expansion name = expand(from.base(), from, local);
        String baseName = name.value();
        if (baseName.isBlank()) {
            throw new UserFault("base name (" + from.base() + ") should not be blank")
                    .about(from.base())
                    .hint("Give the variable a value with --build-arg or a default with ARG before FROM.");
        }
        Platform platform = platform(from, local);
        Stage stage = stage(from, baseName, platform);
        stage.usedArgs().addAll(name.matched());
        if (from.platform() != null) {
            stage.usedArgs()
                    .addAll(expander.expand(from.platform(), scope::value).matched());
        }
        stage.comments().addAll(from.written().comments());
        stages.add(stage);
        if (from.name() != null) {
            byName.put(from.name(), stage);
        }
    }

    /** What nothing sets is reported also where the word is wrong, which it may be for that reason. */
    private Expansion expand(String word, Instruction.From from, Checks local) {
        Set<String> missing = new LinkedHashSet<>();
        try {
            Expansion expansion = expander.expand(word, name -> {
                String value = scope.value(name);
                if (value == null) {
                    missing.add(name);
                }
                return value;
            });
            FromRules.undefined(from, expansion.unmatched(), scope, local);
            return expansion;
        } catch (UserFault fault) {
            FromRules.undefined(from, missing, scope, local);
            throw fault;
        }
    }

    private Stage stage(Instruction.From from, String baseName, @Nullable Platform platform) {
        Platform wanted = platform == null ? targetPlatform : platform;
        NamedContexts.Named named =
                from.name() == null ? null : contexts.find(from.name(), wanted).orElse(null);
        replaced = named != null;
        if (named == null) {
            named = contexts.find(baseName.toLowerCase(Locale.ROOT), wanted).orElse(null);
        }
        Stage base = named == null ? byName.get(baseName) : null;
        if (named != null && named.context() instanceof NamedContext.Image(String reference)) {
            return new Stage(stages.size(), from.name(), from.base(), reference, null, platform, from.range(), named);
        }
        return new Stage(stages.size(), from.name(), from.base(), baseName, base, platform, from.range(), named);
    }

    private @Nullable Platform platform(Instruction.From from, Checks local) {
        String written = from.platform();
        if (written == null || written.isEmpty()) {
            return null;
        }
        Expansion expansion = expand(written, from, local);
        FromRules.redundantPlatform(from, written, expansion, scope, local);
        if (expansion.value().isEmpty()) {
            throw new UserFault("empty platform value from expression " + written + like(expansion)).about(written);
        }
        Platform platform;
        try {
            platform = Platform.parse(expansion.value());
        } catch (UserFault e) {
            throw Faults.prefixed("failed to parse platform " + written + ": ", e, like(expansion))
                    .about(written);
        }
        FromRules.constantPlatform(from, expansion, platform, local);
        return platform;
    }

    /** What one of the names that nothing sets might have meant. */
    private String like(Expansion expansion) {
        return expansion.unmatched().stream()
                .map(name -> Suggestion.didYouMean(name, scope.known()))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /**
     * Whether steps need not name their stage: there is one, and nothing names another source. Mounts always do in this
     * sense, as those without {@code from} stand for an empty tree.
     */
    boolean isAlone() {
        return stages.size() == 1 && stages.getFirst().own().stream().noneMatch(this::hasSource);
    }

    private boolean hasSource(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Copy copy
            when !copy.add() -> {
                String from = copy.flags().getOrDefault("from", "");
                yield !from.isEmpty() && !from.equals("0") && named(from) == null;
            }
            case Instruction.Run run ->
                run.mounts().stream().map(MountFlag::from).anyMatch(from -> from == null || named(from) == null);
            default -> false;
        };
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
        String like = Suggestion.didYouMean(name, names());
        DrydockException fault = new UserFault("target stage \"" + name + "\" could not be found" + like)
                .at(SourceRange.lines(fileName, 1, 1));
        throw names().isEmpty() ? fault : fault.hint("Stages with a name: " + String.join(", ", names()) + ".");
    }

    /** The last stage of that name, letter case ignored; null if there is none. */
    @Nullable
    Stage named(String name) {
        return byName.get(name.toLowerCase(Locale.ROOT));
    }
}
