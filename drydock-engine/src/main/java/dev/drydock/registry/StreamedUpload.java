package dev.drydock.registry;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The upload of a blob that is only being made, over several attempts. When it breaks in the middle and the registry has a part,
 * the blob is made once more to learn its digest and size, and from then on only what is missing is sent.
 */
final class StreamedUpload {
    private final Uploads uploads;
    private final String mediaType;
    private final BlobSource source;
    private @Nullable URI address;
    private @Nullable Descriptor sent;
    private @Nullable Rest rest;

    /** An upload whose blob is known now. */
    private record Rest(Descriptor blob, KnownUpload upload) {}

    StreamedUpload(Uploads uploads, String mediaType, BlobSource source) {
        this.uploads = uploads;
        this.mediaType = mediaType;
        this.source = source;
    }

    /** One attempt; returns what the blob turned out to be. */
    Descriptor run() throws IOException, InterruptedException {
        Rest going = rest;
        if (going != null) {
            going.upload.run();
            return going.blob;
        }
        Descriptor whole = sent;
        if (whole != null && uploads.isThere(whole.digest())) {
            return whole; // only the answer was lost
        }
        URI at = address;
        long there = at == null ? 0 : received(at);
        if (whole == null && there > 0) {
            return goOn();
        }
        sent = null;
        if (whole == null || at == null || there != whole.size()) {
            at = uploads.begin();
            address = at;
            whole = send(at);
        }
        sent = whole;
        try {
            uploads.finish(address == null ? at : address, whole.digest());
        } catch (Uploads.Broken e) {
            if (e.anew) {
                address = null;
            }
            throw e;
        }
        return whole;
    }

    /** Says what the registry has of it, and keeps the address that it names for more. */
    private long received(URI at) throws IOException, InterruptedException {
        try (Answer answer = uploads.status(at)) {
            address = Uploads.location(answer, at);
            return Uploads.received(answer);
        }
    }

    private Descriptor goOn() throws IOException, InterruptedException {
        Measured measured = new Measured(OutputStream.nullOutputStream());
        source.write(measured);
        Descriptor blob = measured.descriptor(mediaType);
        KnownUpload upload = new KnownUpload(uploads, blob, source, address);
        rest = new Rest(blob, upload);
        upload.run();
        return blob;
    }

    private Descriptor send(URI at) throws IOException, InterruptedException {
        Measured[] measured = new Measured[1];
        BlobSource hashed = out -> {
            measured[0] = new Measured(out);
            source.write(measured[0]);
        };
        try (Answer answer = uploads.send(uploads.call("PATCH", at.toString()), hashed, -1)) {
            address = Uploads.location(answer, at);
            return measured[0].descriptor(mediaType);
        }
    }

    /** Knows the digest and the length of what goes through. */
    private static final class Measured extends FilterOutputStream {
        private final MessageDigest sha = Digest.newSha256();
        private long size;

        Measured(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            sha.update(bytes, offset, length);
            size += length;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        Descriptor descriptor(String mediaType) {
            return new Descriptor(mediaType, Digest.sha256(sha.digest()), size);
        }
    }
}
