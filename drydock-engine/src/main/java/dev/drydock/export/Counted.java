package dev.drydock.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes went through, now and then. */
final class Counted extends FilterOutputStream {
    private static final long EVERY = 1 << 18;

    private final LongConsumer progress;
    private long count;
    private long told;

    Counted(OutputStream out, LongConsumer progress) {
        super(out);
        this.progress = progress;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        count += length;
        if (count - told >= EVERY) {
            told = count;
            progress.accept(count);
        }
    }
}
