package dev.drydock.cli.command;

import dev.drydock.cli.render.TransferView;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;

/** What {@code pull} and {@code push} have in common: names, and how they show what happens. */
final class RegistryNames {
    private RegistryNames() {}

    static ImageRef parse(String text) {
        try {
            return ImageRef.parse(text);
        } catch (UserFault e) {
            throw new CommandFailed(e.text(), 1, e.hints());
        }
    }

    static TransferView view(Session session, boolean quiet) {
        if (quiet) {
            return TransferView.silent();
        }
        if (!session.terminals().out()) {
            return TransferView.lines(session.out());
        }
        return TransferView.terminal(
                session.out(), TerminalSize.poll(session.environment()).now().columns());
    }
}
