package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.fault.DrydockException;

/** Carries out one instruction: which class knows how. */
final class Dispatch {
    private Dispatch() {}

    static void carryOut(StageState state, Command command) {
        try {
            switch (command.instruction()) {
                case Instruction.Arg arg -> VariableInstructions.arg(state, command, arg);
                case Instruction.Env env -> VariableInstructions.env(state, command, env);
                case Instruction.Label label -> VariableInstructions.label(state, command, label);
                case Instruction.Maintainer maintainer -> ConfigInstructions.maintainer(state, maintainer);
                case Instruction.Cmd cmd -> CommandInstructions.cmd(state, command, cmd);
                case Instruction.Entrypoint entrypoint -> CommandInstructions.entrypoint(state, command, entrypoint);
                case Instruction.Shell shell -> CommandInstructions.shell(state, shell);
                case Instruction.Healthcheck check -> HealthcheckInstruction.apply(state, command, check);
                case Instruction.Expose expose -> ConfigInstructions.expose(state, command, expose);
                case Instruction.Volume volume -> ConfigInstructions.volume(state, command, volume);
                case Instruction.User user -> ConfigInstructions.user(state, command, user);
                case Instruction.StopSignal signal -> ConfigInstructions.stopSignal(state, command, signal);
                case Instruction.Workdir workdir -> WorkdirInstruction.apply(state, command, workdir);
                case Instruction.OnBuild onBuild -> state.config().onBuild.add(onBuild.trigger());
                case Instruction.Run run -> RunInstruction.apply(state, command, run);
                case Instruction.Copy copy -> new CopyInstruction(state, command, copy).apply();
                case Instruction.From from ->
                    throw new IllegalStateException(
                            "FROM inside stage " + state.stage().title() + ": " + from.base());
            }
        } catch (DrydockException fault) {
            throw command.onBuild()
                    ? fault.movedTo(command.place(), state.stage().written())
                    : fault.at(command.place())
                            .about(command.instruction().written().keywordAsWritten());
        }
    }
}
