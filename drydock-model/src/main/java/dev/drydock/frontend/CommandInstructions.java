package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import java.util.List;

/** CMD, ENTRYPOINT and SHELL. */
final class CommandInstructions {
    private CommandInstructions() {}

    static void cmd(StageState state, Command command, Instruction.Cmd cmd) {
        warnOfEarlier(state, command);
        List<String> args = args(state, command, cmd.command());
        state.config().cmd = args;
        state.config().argsEscaped = true; // Docker's quirk, kept because it is in the digest
        state.config().metadata("CMD " + GoFormat.quotedList(args));
    }

    /** An inherited CMD belongs to the inherited ENTRYPOINT and goes with it. */
    static void entrypoint(StageState state, Command command, Instruction.Entrypoint entrypoint) {
        warnOfEarlier(state, command);
        List<String> args = args(state, command, entrypoint.command());
        state.config().entrypoint = args.isEmpty() ? null : args;
        if (!state.has("CMD")) {
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
                if (state.config().shell == null || state.config().shell.isEmpty()) {
                    state.plan()
                            .lint()
                            .report(
                                    "JSONArgsRecommended",
                                    "JSON arguments recommended for "
                                            + command.instruction().keyword()
                                            + " to prevent unintended behavior related to OS signals",
                                    command);
                }
                yield state.config().inShell(text);
            }
        };
    }

    static void warnOfEarlier(StageState state, Command command) {
        Command earlier = state.replaces(command);
        if (earlier != null) {
            state.plan()
                    .lint()
                    .report(
                            "MultipleInstructionsDisallowed",
                            "Multiple " + command.instruction().keyword()
                                    + " instructions should not be used in the same stage because only the last one will be used",
                            earlier);
        }
    }
}
