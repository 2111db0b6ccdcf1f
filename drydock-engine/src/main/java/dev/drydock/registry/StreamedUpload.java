package dev.drydock.registry;

import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Objects;
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
    /** Whether the registry did not take a part. */
    private boolean undivided;

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
            whole = send();
        }
        sent = whole;
        try {
            uploads.finish(current(), whole.digest());
        } catch (Uploads.Broken e) {
            if (e.anew) {
                address = null;
            }
            throw e;
        }
        return whole;
    }

    private URI current() {
        return Objects.requireNonNull(address, "an upload that was begun has an address");
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

    private Descriptor send() throws IOException, InterruptedException {
        Measured[] measured = new Measured[1];
        BlobSource hashed = out -> {
            measured[0] = new Measured(out);
            source.write(measured[0]);
        };
        address = null;
        try (StreamedBody body = new StreamedBody(hashed)) { // it gets going while the registry is asked
            Uploads.Begun begun = uploads.begin();
            address = begun.address();
            long most = undivided ? Long.MAX_VALUE : begun.part();
            long there = send(body, most);
            while (most < Long.MAX_VALUE && body.hasMore()) {
                if (there != body.sent()) {
                    throw inOne(new IOException("the registry does not say that it has all of a part"));
                }
                there = sendMore(body, most);
            }
            return measured[0].descriptor(mediaType);
        }
    }

    /** Returns how much the registry says that it has then. */
    private long send(StreamedBody body, long most) throws IOException, InterruptedException {
        URI at = current();
        try (Answer answer = uploads.send(uploads.call("PATCH", at.toString()), body, () -> body.part(most))) {
            address = Uploads.location(answer, at);
            return Uploads.received(answer);
        }
    }

    /** The same for another part; a registry that does not take it gets everything in one next time. */
    private long sendMore(StreamedBody body, long most) throws IOException, InterruptedException {
        try {
            return send(body, most);
        } catch (Uploads.Broken e) {
            throw e.anew ? inOne(e) : e;
        } catch (Uploads.Refused e) {
            throw inOne(new IOException(e)); // a refusal as such ends the attempts
        }
    }

    private IOException inOne(IOException failure) throws InterruptedException {
        URI given = current();
        undivided = true;
        address = null;
        try {
            uploads.cancel(given);
        } catch (IOException | RemoteFault | Denied e) {
            failure.addSuppressed(e); // the registry forgets it in time
        }
        return failure;
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
