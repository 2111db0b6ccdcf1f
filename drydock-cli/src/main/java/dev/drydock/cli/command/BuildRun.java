package dev.drydock.cli.command;

import dev.drydock.cli.render.Progress;
import dev.drydock.cli.render.Screen;
import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.BuildResult;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One build, from its request to its exit code. */
final class BuildRun {
    private final Session session;
    private final BuildOutput output;
    private final ResultFiles files;

    BuildRun(Session session, BuildOutput output, ResultFiles files) {
        this.session = session;
        this.output = output;
        this.files = files;
    }

    int run(BuildRequest request) {
        files.prepare();
        BuildResult result;
        Instant started = session.clock().instant();
        Progress progress = Progress.open(output.mode(), screen(), settings());
        try (progress;
                Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            List<BuildEvent.Warning> warnings = new ArrayList<>();
            result = store.build(request, event -> {
                if (event instanceof BuildEvent.Warning warning) {
                    warnings.add(warning);
                }
                progress.accept(event);
            });
            files.write(result, warnings, started, session.clock().instant());
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
        if (output.mode() == Progress.Mode.QUIET) {
            BuildResult.Image image = result.image();
            if (image != null) {
                session.out().println(image.id());
            }
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
}
