package dev.drydock.registry;

import dev.drydock.fault.DrydockException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link BlobSource} writes, as the body of a request or, part by part, of several. The source begins at once. It begins
 * anew when the first request has to be sent again, as after a 401; a later one cannot be. For one thread, which closes it.
 */
final class StreamedBody implements AutoCloseable {
    private final BlobSource source;
    private Feed feed;
    private boolean handed;
    private boolean divided;

    StreamedBody(BlobSource source) {
        this.source = source;
        this.feed = Feed.open(source);
    }

    /** All of it, {@code length} bytes; less than zero if that is not known. */
    BodyPublisher whole(long length) {
        again();
        return length == 0 ? BodyPublishers.noBody() : feed.rest(length);
    }

    /** What comes next of it, no more than so many bytes, which are a multiple of {@link Feed#PIECE}. */
    BodyPublisher part(long most) {
        if (divided && handed) {
            return BodyPublishers.ofInputStream(() -> {
                throw new IllegalStateException("this part was sent before");
            });
        }
        again();
        return feed.part(most);
    }

    private void again() {
        if (handed) {
            feed.close();
            feed = Feed.open(source);
        }
        handed = true;
    }

    /** Whether anything is left after the parts so far, the last of which has arrived. Waits until that is known. */
    boolean hasMore() throws IOException {
        divided = true;
        handed = false;
        try {
            return feed.hasMore();
        } catch (IOException e) {
            DrydockException fault = feed.fault();
            if (fault != null) {
                throw fault;
            }
            throw e;
        }
    }

    /** How many bytes were sent. */
    long sent() {
        return feed.sent();
    }

    /** How long nobody has asked for its bytes. */
    Duration idle() {
        return feed.idle();
    }

    /** The source's own fault, which must not be taken for a broken connection; null without one. */
    @Nullable
    DrydockException fault() {
        return feed.fault();
    }

    @Override
    public void close() {
        feed.close();
    }
}
