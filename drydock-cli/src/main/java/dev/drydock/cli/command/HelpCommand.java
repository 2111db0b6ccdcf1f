package dev.drydock.cli.command;

import java.util.List;

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
        List<String> words = arguments.operands();
        if (words.isEmpty()) {
            session.out().print(Help.ofProgram());
        } else if (words.size() == 1 && Commands.isGroup(words.getFirst())) {
            session.out().print(Help.ofGroup(words.getFirst()));
        } else {
            session.out().print(Help.of(reach(words)));
        }
        return 0;
    }

    private static CommandSpec reach(List<String> words) {
        try {
            return Commands.reach(words).spec();
        } catch (UsageError e) {
            throw new CommandFailed("unknown help topic: " + String.join(" ", words));
        }
    }
}
