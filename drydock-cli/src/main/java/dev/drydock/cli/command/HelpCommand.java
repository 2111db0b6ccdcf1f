package dev.drydock.cli.command;

/** {@code drydock help [COMMAND]}. */
final class HelpCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock help", "Help about the command")
                .operands("[COMMAND]", CommandSpec.Arity.ANY, CommandSpec.OperandKind.NOTHING)
                .example("All about build", "drydock help build")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        session.out()
                .print(
                        arguments.operands().isEmpty()
                                ? Help.ofProgram()
                                : Help.of(Commands.reach(arguments.operands()).spec()));
        return 0;
    }
}
