package dev.drydock.cli.command;

/** One command: its outside and what it does. */
interface Command {
    /** Its flags, operands and texts. Built when asked for, so that only the wanted command pays. */
    CommandSpec spec();

    /** Whether it adds to the store, which is brought under its ceiling then. */
    default boolean addsToStore() {
        return false;
    }

    /**
     * Does the work.
     *
     * @return the exit code
     * @throws CommandFailed with a message that is already in its final words
     * @throws dev.drydock.fault.DrydockException if the engine refuses; the caller words it
     */
    int run(Arguments arguments, Session session) throws InterruptedException;
}
