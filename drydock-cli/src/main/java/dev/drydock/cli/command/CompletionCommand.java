package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;

/** {@code drydock completion}. */
final class CompletionCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock completion", "Generate the autocompletion script for a shell")
                .operands("bash|zsh|fish", Arity.exactly(1), OperandKind.SHELL)
                .example("For this bash session", "source <(drydock completion bash)")
                .example("For zsh, for good", "drydock completion zsh > \"${fpath[1]}/_drydock\"")
                .example("For fish, for good", "drydock completion fish > ~/.config/fish/completions/drydock.fish")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        String shell = arguments.operands().getFirst();
        session.out()
                .print(
                        switch (shell) {
                            case "bash" -> Completions.bash();
                            case "zsh" -> Completions.zsh();
                            case "fish" -> Completions.fish();
                            default ->
                                throw new CommandFailed("drydock completion: unknown shell \"" + shell
                                        + "\": must be bash, zsh or fish");
                        });
        return 0;
    }
}
