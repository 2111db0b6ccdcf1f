package dev.drydock.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Watches an OCI runtime for hanging. A step may be silent for as long as it likes, but one of its processes must be there:
 * a helper whose only processes are the runtime's own, look after look, is stuck before the step or after it.
 */
final class Silence {
    private final Process helper;
    private final Path runtime;
    private final Duration patience;
    private final Thread watcher;
    private volatile boolean broken;

    private Silence(Process helper, Path runtime, Duration patience) {
        this.helper = helper;
        this.runtime = runtime;
        this.patience = patience;
        this.watcher = Thread.ofVirtual().name("runtime-watch").unstarted(this::watch);
    }

    /** Starts watching. The helper is killed once nothing has happened for as long as {@code patience}. */
    static Silence watch(Process helper, Path runtime, Duration patience) {
        Silence silence = new Silence(helper, runtime, patience);
        silence.watcher.start();
        return silence;
    }

    /** Whether the helper was killed. */
    boolean broken() {
        return broken;
    }

    void end() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            int looks = 4;
            int idle = 0;
            while (helper.isAlive()) {
                Thread.sleep(patience.dividedBy(looks));
                idle = stepLives() ? 0 : idle + 1;
                if (idle == looks) {
                    broken = true;
                    helper.descendants().forEach(ProcessHandle::destroyForcibly);
                    helper.destroyForcibly();
                    return;
                }
            }
        } catch (InterruptedException e) {
            return; // the step is over
        }
    }

    /** Whether a descendant has another program than the helper's shell, its tools and the runtime, or hides what it has. */
    private boolean stepLives() {
        return helper.descendants().anyMatch(process -> {
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            try {
                if (levels(proc) < levels(Path.of("/proc/self")) + 2) {
                    return false;
                }
                Path program = Files.readSymbolicLink(proc.resolve("exe"));
                return !program.toString().startsWith("/memfd:") && !Files.isSameFile(proc.resolve("exe"), runtime);
            } catch (java.nio.file.NoSuchFileException e) {
                return false; // it has just ended
            } catch (java.io.IOException e) {
                return true; // of another user: the step's
            }
        });
    }

    /** How many process namespaces a process is in; the helper's is one below ours, the step's one below that. */
    private static int levels(Path proc) throws java.io.IOException {
        List<String> lines = Files.readAllLines(proc.resolve("status"), java.nio.charset.StandardCharsets.ISO_8859_1);
        for (String line : lines) {
            if (line.startsWith("NSpid:")) {
                return line.strip().split("\\s+", -1).length;
            }
        }
        return Integer.MAX_VALUE; // this kernel does not tell, so nobody is suspected
    }
}
