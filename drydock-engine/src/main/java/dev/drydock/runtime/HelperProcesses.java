package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Starts helper processes: a shell in its own mount and process namespaces that dies with this JVM, waiting for a script
 * on its standard input. One helper is kept ready ahead of the step that will need it, which takes its start out of the
 * step's time.
 *
 * <p>The kernel sends the parent-death signal when the <em>thread</em> that started a process ends, so one thread that
 * lives as long as this object starts all of them.
 */
final class HelperProcesses implements AutoCloseable {
    private final List<String> command;
    private final String path;
    private final String prelude;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Thread starter;

    /** A helper that is asked for. */
    private static final class Request {
        // all guarded by this
        private @Nullable Process process;
        private @Nullable IOException failure;
        private boolean abandoned;

        synchronized void answer(@Nullable Process started, @Nullable IOException why) {
            if (abandoned && started != null) {
                started.destroyForcibly();
            }
            process = started;
            failure = why;
            notifyAll();
        }

        synchronized Process await() throws InterruptedException {
            try {
                while (process == null && failure == null) {
                    wait();
                }
            } catch (InterruptedException e) {
                abandoned = true;
                throw e;
            }
            if (process == null) {
                String cause = failure == null ? "it is closed" : failure.getMessage();
                throw new EnvironmentFault("run step: start helper process: " + cause, failure);
            }
            return process;
        }
    }

    HelperProcesses(Programs programs, Rung rung) {
        this.command = command(programs, rung);
        this.path = programs.path();
        OciRuntime runtime = rung.runtime();
        this.prelude = runtime == null ? "umask 022\n" : HelperScript.prelude(runtime);
        this.starter =
                Thread.ofPlatform().name("step-helper-starter").daemon(true).start(this::serve);
    }

    private static List<String> command(Programs programs, Rung rung) {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("setpriv", "unshare", "mount", "umount")) {
            if (programs.find(name).isEmpty()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new EnvironmentFault("run step: " + String.join(", ", missing) + " not found on the PATH")
                    .hint("Install them with `apt-get install util-linux mount`.");
        }
        List<String> words = new ArrayList<>(List.of(
                programs.find("setpriv").orElseThrow().toString(),
                "--pdeathsig",
                "KILL",
                programs.find("unshare").orElseThrow().toString(),
                "--mount",
                "--propagation",
                "slave",
                "--pid",
                "--fork",
                "--kill-child"));
        if (rung.ownProc()) {
            words.add("--mount-proc");
        }
        if (rung.runtime() == null) {
            // a runtime makes these itself
            words.addAll(List.of("--ipc", "--uts"));
        }
        words.addAll(List.of("/bin/sh", "-s"));
        return List.copyOf(words);
    }

    /** A helper that is running. The caller writes its script and kills it if need be. */
    Process take() throws InterruptedException {
        Request request = new Request();
        requests.add(request);
        return request.await();
    }

    private void serve() {
        Process spare = null;
        try {
            while (true) {
                Request request = requests.take();
                Process helper = spare != null && spare.isAlive() ? spare : null;
                spare = null;
                answer(request, helper);
                if (requests.isEmpty()) {
                    spare = spareOrNull();
                }
            }
        } catch (InterruptedException e) {
            if (spare != null) {
                spare.destroyForcibly();
            }
        }
    }

    private void answer(Request request, @Nullable Process ready) {
        try {
            request.answer(ready == null ? start() : ready, null);
        } catch (IOException e) {
            request.answer(null, e);
        }
    }

    /** A failure to start ahead of time is told when somebody needs the helper. */
    private @Nullable Process spareOrNull() {
        try {
            return start();
        } catch (IOException _) {
            return null;
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path);
        // newer mount programs hand over options one by one, of at most 256 bytes each
        builder.environment().put("LIBMOUNT_FORCE_MOUNT2", "always");
        Process process = builder.start();
        process.getOutputStream().write(prelude.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return process;
    }

    /** Kills the helper that waits; those in use are their users'. */
    @Override
    public void close() {
        starter.interrupt();
        boolean interrupted = false;
        while (starter.isAlive()) {
            try {
                starter.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
