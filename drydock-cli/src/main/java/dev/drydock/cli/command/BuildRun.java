package dev.drydock.cli.command;

import dev.drydock.cli.render.Progress;
import dev.drydock.cli.render.Screen;
import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.BuildResult;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One build, from its request to its exit code. */
final class BuildRun {
    private final Session session;
    private final BuildOutput output;
    private final @Nullable Path iidFile;

    BuildRun(Session session, BuildOutput output, @Nullable String iidFile) {
        this.session = session;
        this.output = output;
        this.iidFile = iidFile == null ? null : session.directory().resolve(iidFile);
    }

    int run(BuildRequest request) {
        removeIidFile();
        BuildResult result;
        Progress progress = Progress.open(output.mode(), screen(), settings());
        try (progress;
                Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            result = store.build(request, progress);
        } catch (InterruptedException e) {
            progress.canceled();
            return Commands.INTERRUPTED;
        } catch (Bug e) {
            Commands.bug(e, session);
            return 1;
        } catch (DrydockException e) {
            progress.failed(e, e.source().orElse(null));
            if (session.debug()) {
                e.printStackTrace(session.err());
            }
            return 1;
        }
        writeIidFile(result);
        if (output.mode() == Progress.Mode.QUIET) {
            session.out().println(result.imageId());
        }
        return 0;
    }

    private Screen screen() {
        if (output.mode() != Progress.Mode.TTY) {
            return Screen.plain(session.err());
        }
        TerminalSize.Poll size = TerminalSize.poll(session.environment());
        return new Screen(
                session.err(), () -> size.now().columns(), () -> size.now().rows());
    }

    private Progress.Settings settings() {
        return Progress.Settings.fromEnvironment(session.environment(), output.explain(), session.debug());
    }

    private void removeIidFile() {
        if (iidFile == null) {
            return;
        }
        Path folder = iidFile.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(iidFile)) {
            throw new CommandFailed(
                    "ERROR: failed to build: write image ID file " + iidFile + ": "
                            + (Files.isDirectory(iidFile) ? "it is a directory" : "its directory does not exist"),
                    1,
                    List.of("Name a file in a directory that exists."));
        }
        try {
            Files.deleteIfExists(iidFile);
        } catch (IOException e) {
            throw new CommandFailed(
                    "ERROR: failed to build: remove image ID file " + iidFile + ": " + FileProblem.of(e));
        }
    }

    private void writeIidFile(BuildResult result) {
        if (iidFile == null) {
            return;
        }
        try {
            Files.writeString(iidFile, result.imageId().toString());
        } catch (IOException e) {
            throw new CommandFailed(
                    "ERROR: failed to build: write image ID file " + iidFile + ": " + FileProblem.of(e));
        }
    }
}
