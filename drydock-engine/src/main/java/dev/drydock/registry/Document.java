package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;

/** A manifest or an index: its bytes as they came, which fit its descriptor. */
public final class Document {
    private final Descriptor descriptor;
    private final byte[] bytes;

    Document(Descriptor descriptor, byte[] bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes.clone();
    }

    /**
     * Bytes that are what a descriptor says.
     *
     * @throws CorruptData if they are not
     */
    public static Document checked(Descriptor descriptor, byte[] bytes) {
        if (!Digest.of(bytes).equals(descriptor.digest())) {
            throw new CorruptData("read " + descriptor.digest() + ": its bytes are " + Digest.of(bytes));
        }
        return new Document(descriptor, bytes);
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    public byte[] bytes() {
        return bytes.clone();
    }
}
