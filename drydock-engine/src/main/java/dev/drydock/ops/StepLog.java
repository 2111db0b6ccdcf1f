package dev.drydock.ops;

import dev.drydock.event.BuildEvent;
import dev.drydock.runtime.Executor;
import dev.drydock.solver.StepContext;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A step's output as text, as it comes. Characters that a pipe's block cuts in two are put together again; after two
 * mebibytes nothing more is passed on, as in BuildKit.
 */
final class StepLog implements Executor.Output {
    static final int LIMIT = 2 << 20;
    private static final String CLIPPED = "\n[output clipped, log limit 2MiB reached]\n";

    private final StepContext step;
    private final Decoder out = new Decoder();
    private final Decoder err = new Decoder();
    private int passed;

    StepLog(StepContext step) {
        this.step = step;
    }

    @Override
    public void write(BuildEvent.Stream stream, byte[] bytes, int length) {
        int taken;
        boolean clipped;
        synchronized (this) {
            taken = Math.min(length, LIMIT - passed);
            clipped = taken < length && passed <= LIMIT;
            passed = clipped ? LIMIT + 1 : passed + taken;
            taken = Math.max(taken, 0);
        }
        String text = decoder(stream).decode(bytes, taken, false);
        if (!text.isEmpty()) {
            step.log(stream, text);
        }
        if (clipped) {
            step.log(stream, CLIPPED);
        }
    }

    /** Passes on what a stream ended with in the middle of a character. */
    void finish() {
        for (BuildEvent.Stream stream : BuildEvent.Stream.values()) {
            String rest = decoder(stream).decode(new byte[0], 0, true);
            if (!rest.isEmpty()) {
                step.log(stream, rest);
            }
        }
    }

    private Decoder decoder(BuildEvent.Stream stream) {
        return stream == BuildEvent.Stream.OUT ? out : err;
    }

    /** Of one stream; bytes that are no UTF-8 become replacement characters. */
    private static final class Decoder {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private byte[] rest = new byte[0];

        String decode(byte[] bytes, int length, boolean end) {
            ByteBuffer in = ByteBuffer.allocate(rest.length + length)
                    .put(rest)
                    .put(bytes, 0, length)
                    .flip();
            CharBuffer chars = CharBuffer.allocate(in.remaining() + 2);
            decoder.reset();
            decoder.decode(in, chars, end);
            rest = new byte[in.remaining()];
            in.get(rest);
            return chars.flip().toString();
        }
    }
}
