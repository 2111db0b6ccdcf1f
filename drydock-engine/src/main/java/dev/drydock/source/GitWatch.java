package dev.drydock.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Watches a run of git for standing still: over git:// and ssh it waits for ever for a server that stops sending. It works as
 * long as one of its processes reads, writes or computes.
 */
final class GitWatch implements AutoCloseable {
    private static final int LOOKS = 4;

    private final Process run;
    private final Duration patience;
    private final Thread watcher;
    private volatile boolean broken;

    private GitWatch(Process run, Duration patience) {
        this.run = run;
        this.patience = patience;
        this.watcher = Thread.ofVirtual().name("git-watch").unstarted(this::watch);
    }

    /** Starts watching. The processes below the run's are killed once nothing has happened for as long as {@code patience}. */
    static GitWatch of(Process run, Duration patience) {
        GitWatch watch = new GitWatch(run, patience);
        watch.watcher.start();
        return watch;
    }

    /** Whether the run was ended because it stood still. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            long before = -1;
            int idle = 0;
            while (run.isAlive()) {
                Thread.sleep(patience.dividedBy(LOOKS));
                long now = work();
                idle = now == before ? idle + 1 : 0;
                before = now;
                if (idle == LOOKS) {
                    broken = true;
                    run.descendants().filter(GitWatch::isGit).forEach(ProcessHandle::destroyForcibly);
                    return;
                }
            }
        } catch (InterruptedException e) {
            return; // the run is over
        }
    }

    /** Bytes read and written and time computed by git so far; the number matters only in that it changes. */
    private long work() {
        return run.descendants()
                .filter(GitWatch::isGit)
                .mapToLong(process -> process.pid()
                        + bytes(process.pid())
                        + process.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos())
                .sum();
    }

    /** ssh is none: it talks with a server that is there, whatever that does. */
    private static boolean isGit(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).startsWith("git");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static long bytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/io")).stream()
                    .filter(line -> line.startsWith("rchar:") || line.startsWith("wchar:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(' ') + 1).strip()))
                    .sum();
        } catch (IOException e) {
            return System.nanoTime(); // what cannot be watched is left to itself
        }
    }
}
