package dev.drydock.registry;

import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob while they come. A connection that breaks is opened again where it broke, at the next place that
 * has the blob if need be; after the registry come the addresses that the blob's descriptor names. What comes is counted, not hashed: whoever keeps it does that.
 */
final class BlobStream extends InputStream {
    /** Progress that shows that going on makes sense: less of it at a time uses up the attempts. */
    private static final long PROGRESS = 64 * 1024;

    private final Descriptor blob;
    private final List<Endpoint> places;
    private final Source source;
    private final Faults faults;
    private final Retries retries;
    private @Nullable InputStream body;
    /** Counts on through the addresses of the descriptor. */
    private int place;

    private long position;
    private int failures;
    /** Where the last failure was. */
    private long failedAt;
    /** Whether the place gave other bytes than the asked ones: then it is asked for all of them, and some are passed over. */
    private boolean rangesLie;

    /** Asks one place for a blob. */
    @FunctionalInterface
    interface Source {
        Answer ask(Endpoint place, Descriptor blob, long from) throws IOException, InterruptedException;
    }

    /** @param first the place that is asked first; after it come the later ones */
    BlobStream(Descriptor blob, List<Endpoint> places, int first, Source source, Faults faults, Retries retries) {
        this.blob = blob;
        this.places = places;
        this.place = first;
        this.source = source;
        this.faults = faults;
        this.retries = retries;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position < blob.size()) {
            try {
                InputStream from = body == null ? open() : body;
                body = from;
                int count = from.read(buffer, offset, (int) Math.min(length, blob.size() - position));
                if (count > 0) {
                    position += count;
                    if (position - failedAt >= PROGRESS) {
                        failures = 0;
                    }
                    return count;
                }
                throw new IOException("the connection ended after " + position + " of " + blob.size() + " bytes");
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (IOException e) {
                again(e);
            }
        }
        return -1;
    }

    /** Before another attempt: at the same place while that makes sense, then at the next. */
    private void again(IOException failure) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw failure;
        }
        close();
        failedAt = position;
        try {
            if (Retries.isPassing(failure) && retries.pause(++failures, null)) {
                return;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (hasNext()) {
            place++;
            failures = 0;
            rangesLie = false;
            return;
        }
        Endpoint at = endpoint();
        throw faults.noAnswer("GET", at.about("/v2/" + at.prefix() + "…/blobs/" + blob.digest()), at.host(), failure);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    private InputStream open() throws IOException, InterruptedException {
        while (true) {
            Endpoint at = endpoint();
            Answer answer;
            try {
                answer = ask(at, rangesLie ? 0 : position);
            } catch (Denied e) {
                if (hasNext()) {
                    place++;
                    continue;
                }
                throw new RemoteFault("pull access denied: " + e.reason())
                        .hint("Log in with \"drydock login " + at.host() + "\".");
            }
            switch (answer.status()) {
                case 200 -> {
                    return after(position, answer.body());
                }
                case 206 -> {
                    return partial(answer);
                }
                default -> {
                    answer.close();
                    if (hasNext()) {
                        place++;
                        continue;
                    }
                    if (answer.status() == 404 && isForeign()) {
                        throw new RemoteFault("failed to fetch " + blob.digest() + ": it is a foreign layer ("
                                        + blob.mediaType() + "), which this registry does not distribute"
                                        + (blob.urls().isEmpty()
                                                ? ""
                                                : ", nor do the addresses that its manifest names"))
                                .hint("Pull from a registry to which it was pushed too, or use an image without such"
                                        + " layers.");
                    }
                    if (answer.status() == 404) {
                        throw new RemoteFault("failed to fetch " + blob.digest() + ": the registry has the manifest"
                                        + " but not this part of it")
                                .hint("Push the image again from where it is whole.");
                    }
                    throw faults.unexpected(answer);
                }
            }
        }
    }

    private boolean hasNext() {
        return place + 1 < places.size() + blob.urls().size();
    }

    private Endpoint endpoint() {
        return places.get(Math.min(place, places.size() - 1));
    }

    private Answer ask(Endpoint at, long from) throws IOException, InterruptedException {
        if (place < places.size()) {
            return source.ask(at, blob, from);
        }
        String address = Endpoint.resolve(at.about("/"), blob.urls().get(place - places.size()))
                .toString();
        Call call = Call.of("GET", address, List.of());
        return at.anonymous(from == 0 ? call : call.header("Range", "bytes=" + from + "-"));
    }

    private boolean isForeign() {
        return blob.mediaType().contains(".foreign.") || blob.mediaType().contains(".nondistributable.");
    }

    private static InputStream after(long count, InputStream whole) throws IOException {
        try {
            whole.skipNBytes(count);
            return whole;
        } catch (IOException e) {
            whole.close();
            throw e;
        }
    }

    private InputStream partial(Answer answer) throws IOException {
        String range = answer.header("Content-Range");
        if (range == null || !range.strip().startsWith("bytes " + position + "-")) {
            answer.body().close();
            rangesLie = true;
            throw new IOException("asked for bytes from " + position + " on, the registry sent others (Content-Range: "
                    + (range == null ? "none" : faults.redacted(range)) + ")");
        }
        return answer.body();
    }

    /** Lets go of the connection; reading on would open another. */
    @Override
    public void close() throws IOException {
        InputStream open = body;
        body = null;
        if (open != null) {
            open.close();
        }
    }
}
