package dev.drydock.cli;

import dev.drydock.cli.command.Commands;
import dev.drydock.cli.command.Session;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The program's door. */
public final class Main {
    private static final int BUFFER = 8192;

    private Main() {}

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        int code = Commands.run(List.of(args), Session.ofProcess(out, err));
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Buffered; every reader of it flushes when a person should see something. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER),
                false,
                StandardCharsets.UTF_8);
    }
}
