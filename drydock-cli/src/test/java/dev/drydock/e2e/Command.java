package dev.drydock.e2e;

import dev.drydock.house.Leftovers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program to run, with what it is given; {@link #run} gives what came out of it. */
final class Command {
    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private Path directory = Path.of(".");
    private byte[] input = {};
    private boolean quiet;
    private Path errors;

    Command(List<String> words) {
        this.words = List.copyOf(words);
    }

    static Command of(String... words) {
        return new Command(List.of(words));
    }

    List<String> words() {
        return words;
    }

    /** The same place, environment and input for other words. */
    Command instead(List<String> others) {
        Command command = new Command(others);
        command.environment.putAll(environment);
        command.directory = directory;
        command.input = input;
        return command;
    }

    Command in(Path where) {
        this.directory = where;
        return this;
    }

    Command with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Command stdin(String text) {
        this.input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** How it ended. */
    record Outcome(List<String> command, int exit, String out, String err) {
        /** This outcome, if it was a success; an error with everything that was printed otherwise. */
        Outcome ok() {
            if (exit != 0) {
                throw new AssertionError(this);
            }
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nexit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
        }
    }

    /** For {@link #start}: what it prints goes nowhere. */
    Command quiet() {
        quiet = true;
        return this;
    }

    /** For {@link #start}: what it prints as errors goes to a file. */
    Command errorTo(Path file) {
        errors = file;
        return this;
    }

    Process start() throws IOException {
        // Where the tests run in the background SIGINT is ignored, and what they start would ignore it too.
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
        if (quiet) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        if (errors != null) {
            builder.redirectError(errors.toFile());
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        Leftovers.watch(process);
        return process;
    }

    Outcome run() throws IOException, InterruptedException {
        Process process = start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Thread> pumps = new ArrayList<>();
        pumps.add(pump(process.getInputStream(), out));
        pumps.add(pump(process.getErrorStream(), err));
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // the program did not want its input: its exit code says what it thought of it
            err.writeBytes(("[stdin not read: " + e.getMessage() + "]").getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            throw stuck("still running after ten minutes", process, pumps, out, err);
        }
        for (Thread pump : pumps) {
            if (!pump.join(Duration.ofMinutes(1))) {
                throw stuck("something still holds its output a minute after it ended", process, pumps, out, err);
            }
        }
        return new Outcome(
                words, process.exitValue(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Ends it, with what tells why it did not end by itself: processes of the tests, and what threads of a JVM wait for. */
    private AssertionError stuck(
            String how, Process process, List<Thread> pumps, ByteArrayOutputStream out, ByteArrayOutputStream err)
            throws IOException, InterruptedException {
        String processes = String.join("\n", Leftovers.now());
        for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            if (each.info().command().orElse("").endsWith("/java")) {
                new ProcessBuilder("kill", "-QUIT", Long.toString(each.pid()))
                        .start()
                        .waitFor(); // prints its threads
            }
        }
        pumps.getFirst().join(Duration.ofSeconds(5));
        process.destroyForcibly();
        return new AssertionError(how + ": " + String.join(" ", words) + "\n" + processes + "\n--- stdout\n" + out
                + "\n--- stderr\n" + err);
    }

    private static Thread pump(InputStream from, OutputStream to) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (from) {
                from.transferTo(to);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
