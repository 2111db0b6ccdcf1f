package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.MountFlag;
import dev.drydock.fault.SourceRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instruction that a stage will carry out.
 *
 * @param onBuild it is a trigger of the base image; {@code place} is then that of FROM
 * @param sources what {@code --from} and the mounts' {@code from} name, in their order; null for the build context
 */
record Command(Instruction instruction, boolean onBuild, SourceRange place, List<@Nullable Stage> sources) {
    Command {
        sources = Collections.unmodifiableList(new ArrayList<>(sources));
    }

    /** What the instruction calls {@code source}, one of its sources. */
    String written(Stage source) {
        String from = switch (instruction) {
            case Instruction.Copy copy -> copy.flags().get("from");
            case Instruction.Run run -> MountFlag.from(run.mounts().get(sources.indexOf(source)));
            default -> null;
        };
        return from == null ? "" : from;
    }

    /** Whether it makes a step that is counted in {@code [2/4]}. */
    static boolean isStep(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Run _, Instruction.Copy _, Instruction.Workdir _ -> true;
            case Instruction.From _,
                    Instruction.Arg _,
                    Instruction.Env _,
                    Instruction.Label _,
                    Instruction.Maintainer _,
                    Instruction.Cmd _,
                    Instruction.Entrypoint _,
                    Instruction.Expose _,
                    Instruction.Volume _,
                    Instruction.User _,
                    Instruction.StopSignal _,
                    Instruction.Shell _,
                    Instruction.Healthcheck _,
                    Instruction.OnBuild _ -> false;
        };
    }
}
