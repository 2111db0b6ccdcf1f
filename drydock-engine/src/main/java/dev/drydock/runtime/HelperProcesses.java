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
    private final Programs programs;
    private final List<String> helper;
    private final String path;
    private final String prelude;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Thread starter;

    /** A process that is asked for. */
    private static final class Request {
        private final List<String> command;
        private final boolean helper;
        // all guarded by this
        private @Nullable Process process;
        private @Nullable IOException failure;
        private boolean abandoned;

        Request(List<String> command, boolean helper) {
            this.command = command;
            this.helper = helper;
        }

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
        this.programs = programs;
        this.helper = command(programs, rung);
        this.path = programs.path();
        OciRuntime runtime = rung.runtime();
        this.prelude = runtime == null ? "umask 022\n" : HelperScript.prelude(runtime);
        this.starter =
                Thread.ofPlatform().name("step-helper-starter").daemon(true).start(this::serve);
    }

    private static List<String> command(Programs programs, Rung rung) {
        List<String> missing = new ArrayList<>();
        List<String> needed = rung.mounts()
                ? List.of("setpriv", "unshare", "mount", "umount", "nsenter")
                : List.of("setpriv", "nsenter", "prlimit", "env", "mkfifo", "base64", "sleep");
        for (String name : needed) {
            if (programs.find(name).isEmpty()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new EnvironmentFault("run step: " + String.join(", ", missing) + " not found on the PATH")
                    .hint("Install them with `apt-get install util-linux mount`.");
        }
        if (!rung.mounts()) {
            return List.of("/bin/sh", "-s");
        }
        List<String> words = new ArrayList<>(List.of(
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

    /**
     * A helper that is running. The caller writes its script and kills it if need be.
     *
     * @param network a file that stands for the network namespace that it is in, null for this process's own
     */
    Process take(@Nullable Path network) throws InterruptedException {
        List<String> command = new ArrayList<>(dying());
        if (network != null) {
            command.add(programs.find("nsenter").orElseThrow().toString());
            command.add("--net=" + network);
        }
        command.addAll(helper);
        return ask(new Request(command, true));
    }

    /** Starts a process that ends with this JVM. */
    Process start(List<String> command) throws InterruptedException {
        List<String> all = new ArrayList<>(dying());
        all.addAll(command);
        return ask(new Request(all, false));
    }

    private List<String> dying() {
        return List.of(programs.find("setpriv").orElseThrow().toString(), "--pdeathsig", "KILL");
    }

    private Process ask(Request request) throws InterruptedException {
        requests.add(request);
        return request.await();
    }

    private void serve() {
        Process spare = null;
        List<String> spareCommand = List.of();
        try {
            while (true) {
                Request request = requests.take();
                if (!request.helper) {
                    answer(request, null);
                    continue;
                }
                Process ready = null;
                if (spare != null && spare.isAlive()) {
                    if (spareCommand.equals(request.command)) {
                        ready = spare;
                    } else {
                        spare.destroyForcibly();
                    }
                }
                spare = null;
                answer(request, ready);
                if (requests.isEmpty()) {
                    spare = spareOrNull(request);
                    spareCommand = request.command;
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
            request.answer(ready == null ? start(request) : ready, null);
        } catch (IOException e) {
            request.answer(null, e);
        }
    }

    /** A failure to start ahead of time is told when somebody needs the helper. */
    private @Nullable Process spareOrNull(Request like) {
        try {
            return start(like);
        } catch (IOException _) {
            return null;
        }
    }

    private Process start(Request request) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(request.command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path);
        // newer mount programs hand over options one by one, of at most 256 bytes each
        builder.environment().put("LIBMOUNT_FORCE_MOUNT2", "always");
        Process process = builder.start();
        if (request.helper) {
            process.getOutputStream().write(prelude.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }
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
