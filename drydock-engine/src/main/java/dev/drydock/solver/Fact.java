package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one input adds to the key of a step. */
sealed interface Fact {
    /** The whole of one output of the step that has this identity. */
    record Identity(int output, Digest id) implements Fact {}

    /** A part of one output of the step that has this identity, whatever the part holds. */
    record Selected(int output, Digest id, Digest selected) implements Fact {}

    /** What was looked at, by its content, wherever it comes from. */
    record Content(Digest digest) implements Fact {}

    /**
     * The key of a step: the digest of the line {@code drydock-key-2}, a line with the op's digest, and a line for each input,
     * in their order. Numbers and digests hold no space and no line end, so that no two lists of facts have one text.
     */
    static Digest key(Digest op, List<Fact> facts) {
        StringBuilder text = new StringBuilder("drydock-key-2\n").append(op).append('\n');
        for (Fact fact : facts) {
            text.append(fact.line()).append('\n');
        }
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String line() {
        return switch (this) {
            case Identity(int output, Digest id) -> "identity " + output + " " + id;
            case Selected(int output, Digest id, Digest selected) -> "selected " + output + " " + id + " " + selected;
            case Content(Digest digest) -> "content " + digest;
        };
    }
}
