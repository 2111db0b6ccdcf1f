package dev.drydock.registry;

import dev.drydock.oci.Descriptor;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The upload of a blob whose digest and size are known, over several attempts: it goes on from where it broke. */
final class KnownUpload {
    private final Uploads uploads;
    private final Descriptor blob;
    private final BlobSource source;
    private @Nullable URI address;

    /** @param address of an upload that was begun before; null to begin one */
    KnownUpload(Uploads uploads, Descriptor blob, BlobSource source, @Nullable URI address) {
        this.address = address;
        this.uploads = uploads;
        this.blob = blob;
        this.source = source;
    }

    /** One attempt. */
    void run() throws IOException, InterruptedException {
        URI before = address;
        long done = before == null ? 0 : offset(before);
        if (done < 0 && uploads.isThere(blob.digest())) {
            return; // only the answer was lost
        }
        URI at = address;
        if (at == null || done < 0 || done > blob.size()) {
            at = uploads.begin().address();
            done = 0;
        }
        address = at;
        try {
            if (done == 0) {
                String whole = Uploads.withDigest(at, blob.digest());
                uploads.send(uploads.call("PUT", whole), source, blob.size()).close();
            } else {
                at = sendRest(at, done);
                address = at;
                uploads.finish(at, blob.digest());
            }
        } catch (Uploads.Broken e) {
            if (e.anew) {
                address = null;
            }
            throw e;
        }
    }

    /** How much the registry has; less than zero if it knows nothing of the upload any more. */
    private long offset(URI at) throws IOException, InterruptedException {
        try (Answer answer = uploads.status(at)) {
            long received = Uploads.received(answer);
            if (received >= 0) {
                address = Uploads.location(answer, at);
            }
            return received;
        }
    }

    private URI sendRest(URI at, long done) throws IOException, InterruptedException {
        long left = blob.size() - done;
        if (left == 0) {
            return at;
        }
        Call call = uploads.call("PATCH", at.toString()).header("Content-Range", done + "-" + (blob.size() - 1));
        try (Answer answer = uploads.send(call, out -> source.write(new After(out, done)), left)) {
            return Uploads.location(answer, at);
        }
    }

    /** Passes over the first bytes. */
    private static final class After extends FilterOutputStream {
        private long left;

        After(OutputStream out, long left) {
            super(out);
            this.left = left;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int skipped = (int) Math.min(left, length);
            left -= skipped;
            if (skipped < length) {
                out.write(bytes, offset + skipped, length - skipped);
            }
        }
    }
}
