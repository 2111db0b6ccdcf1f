package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Login;

/** {@code drydock logout}. */
final class LogoutCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock logout", "Log out from a registry")
                .operands("[SERVER]", Arity.atMost(1), OperandKind.NOTHING)
                .about(
                        "Forgets the credentials of a registry, in Docker's file and in its helper. Without SERVER it is "
                                + "Docker Hub.")
                .example("Docker Hub", "drydock logout")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        try (Login login = Login.open(session.registries())) {
            String host = Login.host(
                    arguments.operands().isEmpty() ? null : arguments.operands().getFirst());
            session.out().println("Removing login credentials for " + Login.key(host));
            login.logout(host);
            return 0;
        }
    }
}
