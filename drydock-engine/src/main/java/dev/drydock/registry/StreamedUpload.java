package dev.drydock.registry;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The upload of a blob that is only being made, over several attempts: all of it again, unless only its end is missing. */
final class StreamedUpload {
    private final Uploads uploads;
    private final String mediaType;
    private final BlobSource source;
    private @Nullable URI address;
    private @Nullable Descriptor sent;

    StreamedUpload(Uploads uploads, String mediaType, BlobSource source) {
        this.uploads = uploads;
        this.mediaType = mediaType;
        this.source = source;
    }

    /** One attempt; returns what the blob turned out to be. */
    Descriptor run() throws IOException, InterruptedException {
        Descriptor whole = sent;
        if (whole != null && uploads.isThere(whole.digest())) {
            return whole; // only the answer was lost
        }
        URI at = address;
        sent = null;
        if (whole == null || at == null || received(at) != whole.size()) {
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

    private long received(URI at) throws IOException, InterruptedException {
        try (Answer answer = uploads.status(at)) {
            address = Uploads.location(answer, at);
            return Uploads.received(answer);
        }
    }

    private Descriptor send(URI at) throws IOException, InterruptedException {
        MessageDigest sha = Digest.newSha256();
        long[] size = new long[1];
        BlobSource hashed = out -> {
            sha.reset();
            size[0] = 0;
            source.write(new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                    sha.update(bytes, offset, length);
                    size[0] += length;
                }

                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }
            });
        };
        try (Answer answer = uploads.send(uploads.call("PATCH", at.toString()), hashed, -1)) {
            address = Uploads.location(answer, at);
            return new Descriptor(mediaType, Digest.sha256(sha.digest()), size[0]);
        }
    }
}
