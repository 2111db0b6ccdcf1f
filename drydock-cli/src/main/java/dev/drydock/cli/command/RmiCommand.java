package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Drydock;
import dev.drydock.engine.Removal;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/** {@code drydock rmi}. */
final class RmiCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock rmi", "Remove one or more images")
                .operands("IMAGE [IMAGE...]", Arity.atLeast(1), OperandKind.IMAGE)
                .about(
                        "Removing a name leaves the image as long as it has another one. Removing the last name, or an ID, "
                                + "frees what neither another image nor the build cache has; drydock prune frees the cache.")
                .alias("drydock image rm", "drydock image remove", "drydock rmi")
                .flag(Flag.toggle("force", "Force removal of the image").letter('f'))
                .flag(Flag.toggle("no-prune", "Do not delete untagged parents (there are none)"))
                .flag(PlatformFlag.of("Remove only the given platform variant. Formatted as \"os[/arch[/variant]]\""))
                .example("Remove one name", "drydock rmi hello:v1.0.0")
                .example("Remove all images without a name", "drydock rmi $(drydock images -q -f dangling=true)")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        Drydock.Force force = arguments.isOn("force") ? Drydock.Force.YES : Drydock.Force.NO;
        List<UserFault> faults = new ArrayList<>();
        boolean failed = false;
        try (Store store = session.store()) {
            for (String operand : arguments.operands()) {
                try {
                    if (arguments.has("platform")) {
                        PlatformFlag.image(store, operand, arguments);
                        if (force == Drydock.Force.NO) {
                            throw new UserFault("Content will be removed from all images referencing this variant."
                                    + " Use --force to force delete.");
                        }
                    }
                    for (Removal removal : store.remove(operand, force)) {
                        session.out()
                                .println(
                                        switch (removal) {
                                            case Removal.Untagged(var name) -> "Untagged: " + name.familiar();
                                            case Removal.Deleted(var id) -> "Deleted: " + id;
                                        });
                    }
                } catch (UserFault e) {
                    faults.add(e);
                    failed |= force == Drydock.Force.NO || !e.text().startsWith("No such image");
                }
            }
        }
        session.out().flush();
        for (UserFault fault : faults) {
            Commands.report(fault, session);
        }
        return failed ? 1 : 0;
    }
}
