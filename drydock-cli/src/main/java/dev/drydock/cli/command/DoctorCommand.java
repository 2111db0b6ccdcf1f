package dev.drydock.cli.command;

import dev.drydock.engine.HostFinding;
import java.util.List;

/** {@code drydock doctor}. */
final class DoctorCommand implements Command {
    private static final int COLUMN = 16;
    private static final String INDENT = " ".repeat(COLUMN + 6);

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock doctor", "Show what this host offers for building, and what it lacks")
                .about(
                        "Looks at the user's rights and IDs, tries the OCI runtime with a step of its own, and looks at control "
                                + "groups, seccomp, the store's disk, certificates and helper programs. Of everything that is missing it "
                                + "says what does not work without it and what mends it. Fails if images cannot be built.")
                .example("Before the first build on a new machine", "drydock doctor")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        List<HostFinding> findings;
        try (Store store = session.store()) {
            findings = store.examine();
        }
        boolean able = true;
        for (HostFinding finding : findings) {
            String mark = switch (finding.state()) {
                case GOOD -> "ok    ";
                case LACKING -> "lack  ";
                case BLOCKED -> "FAIL  ";
            };
            able &= finding.state() != HostFinding.State.BLOCKED;
            session.out().println(mark + padded(finding.subject()) + finding.found());
            if (finding.cost() != null) {
                session.out().println(INDENT + "does not work: " + finding.cost());
            }
            if (finding.mend() != null) {
                session.out().println(INDENT + finding.mend());
            }
        }
        return able ? 0 : 1;
    }

    private static String padded(String subject) {
        return subject + " ".repeat(Math.max(1, COLUMN - subject.length()));
    }
}
