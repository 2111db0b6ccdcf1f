package dev.drydock.scaffold;

import java.util.List;
import java.util.Set;

/**
 * A kind of project that {@code init} knows. Implementations hold no state and touch no files; one is added by a class
 * of its own and a line in {@link Languages}.
 */
public interface Language {
    /** The name for scripts, such as {@code rust}. */
    String id();

    /** The name in the menu, such as {@code Rust}. */
    String title();

    /** Names of files whose contents {@link #plan} wants to see, wherever they are in the project. */
    Set<String> reads();

    /** Everything that a plan of this language may ask. */
    List<Setting> settings();

    /** The command that tells the installed version of the language's tools; empty if there is none. */
    List<String> versionCommand();

    /** Whether the project looks like one of this language. */
    boolean detects(ProjectView project);

    /**
     * Looks closer at a project.
     *
     * @param installed what {@link #versionCommand} printed; empty if it could not be run
     * @throws dev.drydock.fault.UserFault if a file that the language needs cannot be understood, with its place
     */
    Plan plan(ProjectView project, String installed);

    /** What is known about one project, and what it leads to. */
    interface Plan {
        /** What to ask, in this order. */
        List<Question> questions();

        /** The files for these answers; answers not given take the question's initial value. */
        Proposal propose(Answers answers);
    }
}
