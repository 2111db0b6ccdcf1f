package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Drydock;
import dev.drydock.engine.StoreProblem;
import dev.drydock.engine.StoreReport;
import java.util.List;

/** {@code drydock fsck}. */
final class FsckCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock fsck", "Check the store, and repair it")
                .operands("", Arity.NONE, OperandKind.NOTHING)
                .about(
                        "Compares the database, every blob with its digest, and every file of every layer with the layer's "
                                + "index; looks for what belongs to nothing. Exits with 1 if something is wrong, or still is after "
                                + "--repair. Other commands may work on the store meanwhile.")
                .flag(Flag.toggle("quick", "Look at files, but do not read them"))
                .flag(Flag.toggle(
                        "repair",
                        "Pull damaged images again, drop damaged build cache so that the next build makes it again, delete "
                                + "what belongs to nothing, and make a database that is lost again"))
                .example("Check everything", "drydock fsck")
                .example("Mend what can be mended", "drydock fsck --repair")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        boolean repair = arguments.isOn("repair");
        StoreReport report;
        boolean rescued = false;
        if (repair) {
            try (Interruption _ = Interruption.ofThisThread()) {
                List<String> done = Drydock.rescue(session.root());
                done.forEach(session.out()::println);
                rescued = !done.isEmpty();
            }
        }
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            report = store.check(!arguments.isOn("quick"), repair);
        }
        for (StoreProblem problem : report.problems()) {
            String images = problem.images().isEmpty() ? "" : " (image " + String.join(", ", problem.images()) + ")";
            session.out().println(problem.part() + " " + problem.subject() + ": " + problem.what() + images);
        }
        report.repaired().forEach(done -> session.out().println(done));
        report.left().forEach(wrong -> session.out().println("left: " + wrong));
        session.out()
                .println("checked " + count(report.images(), "image") + ", " + count(report.layers(), "layer") + ", "
                        + count(report.blobs(), "blob") + ", " + count(report.records(), "cache record") + ": "
                        + (report.problems().isEmpty()
                                ? (rescued ? "all is well now" : "all is well")
                                : count(report.problems().size(), "problem")
                                        + (repair && report.left().isEmpty() ? ", repaired" : "")));
        if (report.problems().isEmpty() || (repair && report.left().isEmpty())) {
            return 0;
        }
        session.out().flush();
        if (!repair) {
            session.err().println("hint: drydock fsck --repair mends what can be mended.");
        }
        return 1;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
