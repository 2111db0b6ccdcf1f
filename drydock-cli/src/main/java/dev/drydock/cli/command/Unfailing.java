package dev.drydock.cli.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/** Standard output as a stream that says when it fails, which a {@link PrintStream} keeps to itself. Closing only flushes. */
final class Unfailing extends FilterOutputStream {
    private final PrintStream print;

    Unfailing(PrintStream print) {
        super(print);
        this.print = print;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        print.write(bytes, offset, length);
        check();
    }

    @Override
    public void flush() throws IOException {
        print.flush();
        check();
    }

    private void check() throws IOException {
        if (print.checkError()) {
            throw new IOException("write to standard output failed");
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
