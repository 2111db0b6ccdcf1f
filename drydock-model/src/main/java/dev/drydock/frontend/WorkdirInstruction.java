package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.graph.FileAction;
import org.jspecify.annotations.Nullable;

/** WORKDIR: a directory that exists, is where things happen, and belongs to the user in effect. */
final class WorkdirInstruction {
    private static final int DIRECTORY_MODE = 0755;

    private WorkdirInstruction() {}

    static void apply(StageState state, Command command, Instruction.Workdir workdir) {
        String path = state.expand(workdir.path(), command);
        if (!state.workdirSet()) {
            state.rules().firstDirectory(path, command);
        }
        state.workdirIsSet();
        String directory = resolved(state.config().workingDir, path);
        state.config().workingDir = directory;
        if (directory.equals("/")) {
            state.config().metadata("WORKDIR /");
            return;
        }
        FileActions actions = new FileActions(state.root());
        actions.add((input, output) -> new FileAction.MakeDirectory(
                input,
                output,
                UnixPath.clean(directory),
                DIRECTORY_MODE,
                true,
                Ownership.owner(state.config().user, input),
                state.plan().epochSeconds()));
        String name = state.stepName(command.instruction().written().original(), command);
        state.root(state.plan().add(actions.node(state.cacheableStep(name, command.place()))));
        state.config().layer("WORKDIR " + directory);
    }

    /** An absolute path stands as written, in the config too, and an empty one leaves what is there. */
    private static String resolved(@Nullable String current, String path) {
        if (UnixPath.isAbsolute(path)) {
            return path;
        }
        String directory = current == null || current.isEmpty() ? "/" : current;
        if (path.isEmpty() && UnixPath.isAbsolute(directory)) {
            return directory;
        }
        return UnixPath.resolve(UnixPath.resolve("/", directory), path);
    }
}
