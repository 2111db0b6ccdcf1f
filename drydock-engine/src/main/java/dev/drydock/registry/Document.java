package dev.drydock.registry;

import dev.drydock.oci.Descriptor;

/** A manifest or an index: its bytes as they came, which fit its descriptor. */
public final class Document {
    private final Descriptor descriptor;
    private final byte[] bytes;

    Document(Descriptor descriptor, byte[] bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes.clone();
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    public byte[] bytes() {
        return bytes.clone();
    }
}
