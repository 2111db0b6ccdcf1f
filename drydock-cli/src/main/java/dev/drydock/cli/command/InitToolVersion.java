package dev.drydock.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks an installed tool for its version. */
interface InitToolVersion {
    /** Runs the machine's tools. Not in the project's directory: a wrapper might start to install what the project names. */
    InitToolVersion OF_MACHINE = command -> command.isEmpty() ? "" : run(command);

    /** What the command printed; empty if it is not installed, fails or takes too long. */
    String ask(List<String> command) throws InterruptedException;

    private static String run(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            try {
                if (!process.waitFor(3, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return "";
                }
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return ""; // not installed: the project or a constant says the version
        }
    }
}
