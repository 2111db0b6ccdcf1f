package dev.drydock.engine;

import java.nio.file.Path;

/** Where the value of a secret comes from. It is read when a step asks for it. */
public sealed interface Secret {
    /** How many bytes a secret may have. */
    int MAX_SIZE = 500 * 1024;

    /** The content of a file. */
    record OfFile(Path file) implements Secret {}

    /** A value that is known. Not even its length is shown. */
    final class OfValue implements Secret {
        private final byte[] value;

        public OfValue(byte[] value) {
            this.value = value.clone();
        }

        byte[] value() {
            return value.clone();
        }

        @Override
        public String toString() {
            return "OfValue[****]";
        }
    }
}
