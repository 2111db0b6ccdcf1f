package dev.drydock.network;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.scope.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A process that holds a network namespace open, and in whose process namespace the program lives that carries what goes
 * in and out. When it ends, for whatever reason, both are gone; it ends with this JVM.
 */
final class NamespaceProcess implements AutoCloseable {
    private static final String READY = "ready";
    /** It takes a fiftieth of a second; on a machine with much to do, a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path directory;

    private NamespaceProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** What a namespace is held with. It is on the host's network itself, where the carrier must be. */
    private static List<String> command(Tools tools) {
        return List.of(
                tools.require("unshare"),
                "--mount",
                "--propagation",
                "slave",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "/bin/sh",
                "-s");
    }

    /**
     * Makes a namespace. The caller closes it.
     *
     * @param directory is made, and gone afterwards; within, {@code net} stands for the namespace
     * @param carrier commands of a shell that make the namespace useful, empty for none
     * @throws EnvironmentFault with the last words of the carrier
     */
    static NamespaceProcess start(Tools tools, Path directory, String carrier) throws InterruptedException {
        return start(tools, directory, carrier, PATIENCE);
    }

    static NamespaceProcess start(Tools tools, Path directory, String carrier, Duration patience)
            throws InterruptedException {
        String place = "'" + directory.toString().replace("'", "'\\''") + "'";
        String script = "set -e\nmount -n -i -t tmpfs -o mode=755 tmpfs " + place + "\ncd " + place
                + "\n: > net\nunshare --net=./net true\n" + carrier + "echo " + READY + "\nread -r forever || :\n";
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw Disk.fault("make network of steps: make " + directory, e);
        }
        Process process = tools.start(command(tools));
        NamespaceProcess made = new NamespaceProcess(process, directory);
        try {
            OutputStream in = process.getOutputStream();
            in.write(script.getBytes(StandardCharsets.UTF_8));
            in.flush();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String answer;
            Thread watch = endAfter(patience, process);
            try {
                answer = out.readLine();
            } finally {
                watch.interrupt();
                watch.join();
            }
            if (READY.equals(answer) && process.isAlive()) {
                return made;
            }
            String words = words(process);
            made.close();
            throw new EnvironmentFault("make network of steps: " + words);
        } catch (InterruptedException e) {
            made.close();
            throw e;
        } catch (IOException e) {
            made.close();
            throw new EnvironmentFault("make network of steps: " + e.getMessage(), e);
        }
    }

    /** Ends a process that hangs, unless the thread that does it is interrupted before. */
    private static Thread endAfter(Duration patience, Process process) {
        return Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(patience);
                process.toHandle().destroyForcibly(); // unlike the process itself, it leaves the streams open
            } catch (InterruptedException _) {
                return; // it was ready, or ended by itself
            }
        });
    }

    /** What it said before it ended, on one line, without what only tells that there is no system log. */
    private static String words(Process process) throws IOException {
        BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        String text = err.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("Failed to send "))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "the program that carries it ended, or was not ready in time" : text;
    }

    /** The namespace, as others name it. */
    Path namespace() {
        return Path.of("/proc/" + process.pid() + "/root" + directory + "/net");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw Disk.fault("clean up network of steps: delete " + directory, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
