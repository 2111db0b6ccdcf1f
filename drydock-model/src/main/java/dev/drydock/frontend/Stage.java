package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.fault.SourceRange;
import dev.drydock.frontend.Resolver.ResolvedImage;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stage of the Dockerfile, or an image that only {@code --from} names. */
final class Stage {
    static final String SCRATCH = "scratch";
    /** The index of what is no stage of the file. */
    static final int NOT_IN_FILE = -1;

    private final int index;
    private final @Nullable String name;
    private final String written;
    private final String baseName;
    private final @Nullable Stage base;
    private final @Nullable Platform platform;
    private final SourceRange place;
    private final NamedContexts.@Nullable Named context;
    private final List<Instruction> own = new ArrayList<>();
    private final Set<String> usedArgs = new LinkedHashSet<>();
    private final List<String> comments = new ArrayList<>();

    // known once the stage is linked
    private final List<Command> commands = new ArrayList<>();
    private @Nullable ResolvedImage image;

    Stage(
            int index,
            @Nullable String name,
            String written,
            String baseName,
            @Nullable Stage base,
            @Nullable Platform platform,
            SourceRange place,
            NamedContexts.@Nullable Named context) {
        this.index = index;
        this.name = name;
        this.written = written;
        this.baseName = baseName;
        this.base = base;
        this.platform = platform;
        this.place = place;
        this.context = context;
    }

    int index() {
        return index;
    }

    @Nullable
    String name() {
        return name;
    }

    /** How messages and steps call it: its name, or {@code stage-} and its number. */
    String title() {
        return name != null ? name : "stage-" + index;
    }

    /** The base as written. */
    String written() {
        return written;
    }

    /** The base with its variables expanded. */
    String baseName() {
        return baseName;
    }

    /** The stage it starts from, null if that is an image or scratch. */
    @Nullable
    Stage base() {
        return base;
    }

    /** The named context that it starts from, null if it starts from something else. */
    NamedContexts.@Nullable Named context() {
        return context;
    }

    /** Whether it starts from a named context that is no image. */
    private boolean isOfFiles() {
        return context != null && !(context.context() instanceof NamedContext.Image);
    }

    boolean isScratch() {
        return base == null && !isOfFiles() && baseName.equals(SCRATCH);
    }

    boolean needsImage() {
        return base == null && !isOfFiles() && !isScratch();
    }

    /** What {@code --platform} says. */
    @Nullable
    Platform platform() {
        return platform;
    }

    SourceRange place() {
        return place;
    }

    /** Names of variables that its FROM line uses. */
    Set<String> usedArgs() {
        return usedArgs;
    }

    /** The comments above its FROM line. */
    List<String> comments() {
        return comments;
    }

    /** The instructions below FROM. */
    List<Instruction> own() {
        return own;
    }

    /** The triggers of the base and then its own instructions, without ONBUILD's effect on children. */
    List<Command> commands() {
        return commands;
    }

    @Nullable
    ResolvedImage image() {
        return image;
    }

    void image(ResolvedImage resolved) {
        this.image = resolved;
    }

    /** The triggers that it leaves to stages that start from it. */
    List<String> triggersForChildren() {
        List<String> triggers = new ArrayList<>();
        for (Instruction instruction : own) {
            if (instruction instanceof Instruction.OnBuild onBuild) {
                triggers.add(onBuild.trigger());
            }
        }
        return triggers;
    }

    /** How many steps {@code [i/n]} counts: triggers count whatever they do. */
    int stepCount() {
        int steps = needsImage() || isOfFiles() ? 1 : 0;
        for (Command command : commands) {
            steps += command.onBuild() || Command.isStep(command.instruction()) ? 1 : 0;
        }
        return steps;
    }
}
