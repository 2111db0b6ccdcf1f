package dev.drydock.cli.command;

/** {@code drydock version}. */
final class VersionCommand implements Command {
    /** Kept equal to the project's version by a test. */
    static final String VERSION = "0.1.0-SNAPSHOT";

    static final String LINE = "Drydock version " + VERSION;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock version", "Show the version of Drydock and of what it runs on")
                .example("What to put into a bug report", "drydock version")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        session.out().println(LINE);
        session.out()
                .println("Java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor")
                        + ")");
        session.out()
                .println(System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        session.out().println("Store " + session.root());
        return 0;
    }
}
