package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import java.util.List;

/** CMD, ENTRYPOINT and SHELL. */
final class CommandInstructions {
    private CommandInstructions() {}

    static void cmd(StageState state, Command command, Instruction.Cmd cmd) {
        state.rules().once(command);
        List<String> args = args(state, command, cmd.command());
        state.config().cmd = args;
        state.config().argsEscaped = true; // Docker's quirk, kept because it is in the digest
        state.config().metadata("CMD " + GoFormat.quotedList(args));
    }

    /** An inherited CMD belongs to the inherited ENTRYPOINT and goes with it. */
    static void entrypoint(StageState state, Command command, Instruction.Entrypoint entrypoint) {
        state.rules().once(command);
        List<String> args = args(state, command, entrypoint.command());
        state.config().entrypoint = args.isEmpty() ? null : args;
        if (!state.rules().hasSeen("CMD")) {
            state.config().cmd = null;
        }
        state.config().metadata("ENTRYPOINT " + GoFormat.quotedList(args));
    }

    static void shell(StageState state, Instruction.Shell shell) {
        state.config().shell = shell.shell();
        state.config().metadata("SHELL " + GoFormat.list(shell.shell()));
    }

    private static List<String> args(StageState state, Command command, Instruction.Command written) {
        return switch (written) {
            case Instruction.Command.Exec(List<String> args) -> args;
            case Instruction.Command.Shell(String text) -> {
                state.rules().shellForm(command, state.config().shell);
                yield state.config().inShell(text);
            }
        };
    }
}
