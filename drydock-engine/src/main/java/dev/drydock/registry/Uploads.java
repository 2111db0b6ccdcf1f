package dev.drydock.registry;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts blobs into one repository. A blob whose digest is known goes in one piece, and on from where it broke; one that is
 * only being made is streamed, and begins anew.
 */
final class Uploads {
    private static final Duration SLACK = Duration.ofMinutes(2);
    private static final long SLOWEST_BYTES_PER_SECOND = 20_000;

    private final Endpoint registry;
    private final String path;
    private final List<String> scopes;
    private final Faults faults;
    private final Retries retries;

    /** @param path of the repository at the registry */
    Uploads(Endpoint registry, String path, List<String> scopes, Faults faults, Retries retries) {
        this.registry = registry;
        this.path = path;
        this.scopes = scopes;
        this.faults = faults;
        this.retries = retries;
    }

    /** An attempt that may be repeated. */
    private interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /** The registry broke an upload off with this answer; another attempt may fare better. */
    private static final class Broken extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final transient RemoteFault fault;
        private final transient @Nullable String retryAfter;

        Broken(RemoteFault fault, @Nullable String retryAfter) {
            super(fault.text());
            this.fault = fault;
            this.retryAfter = retryAfter;
        }
    }

    private <T> T repeated(Attempt<T> attempt) throws InterruptedException {
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (Broken e) {
                if (!retries.pause(++failures, e.retryAfter)) {
                    throw e.fault;
                }
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                if (!Retries.isPassing(e) || !retries.pause(++failures, null)) {
                    throw faults.noAnswer("POST", registry.about(uploads()), registry.host(), e);
                }
            }
        }
    }

    private String uploads() {
        return "/v2/" + path + "/blobs/uploads/";
    }

    /** Takes a blob over from another repository of the registry; returns false if that has to be done otherwise. */
    boolean mount(Digest digest, String from) throws InterruptedException {
        List<String> both = new java.util.ArrayList<>(scopes);
        both.add("repository:" + from + ":pull");
        return repeated(() -> {
            try (Answer answer =
                    registry.send(Call.of("POST", uploads() + "?mount=" + digest + "&from=" + from, both))) {
                if (answer.status() == 202) {
                    cancel(answer);
                }
                return answer.status() == 201;
            } catch (Denied e) {
                return false; // the other repository is not ours to read
            }
        });
    }

    private void cancel(Answer opened) throws IOException, InterruptedException {
        try (Answer _ = registry.send(Call.of("DELETE", location(opened).toString(), scopes))) {
            // Whatever it says: an upload that is not cancelled is forgotten by the registry in time.
        }
    }

    /** Uploads a blob whose digest and size are known. */
    void upload(Descriptor blob, BlobSource source) throws InterruptedException {
        Session session = new Session();
        repeated(() -> {
            session.run(blob, source);
            return true;
        });
    }

    /** An upload over several attempts. */
    private final class Session {
        private @Nullable URI address;

        void run(Descriptor blob, BlobSource source) throws IOException, InterruptedException {
            long done = address == null ? 0 : offset(address);
            URI at = address;
            if (at == null || done < 0) {
                at = begin();
                done = 0;
            }
            address = at;
            if (done == 0) {
                sendAll(at, blob, source);
            } else {
                address = sendRest(at, blob, source, done);
                finish(address, blob.digest());
            }
        }

        /** How much the registry has; less than zero if it knows nothing of the upload any more. */
        private long offset(URI at) throws IOException, InterruptedException {
            try (Answer answer = registry.send(Call.of("GET", at.toString(), scopes))) {
                String range = answer.header("Range");
                if (answer.status() == 204 && range != null && range.matches("(bytes=)?0-\\d{1,18}")) {
                    address = location(answer, at);
                    long last = Long.parseLong(range.substring(range.indexOf('-') + 1));
                    return last == 0 ? 0 : last + 1; // "0-0" is what registries say of nothing
                }
                return -1;
            }
        }

        private void sendAll(URI at, Descriptor blob, BlobSource source) throws IOException, InterruptedException {
            Call call = Call.of("PUT", withDigest(at, blob.digest()), scopes)
                    .header("Content-Type", "application/octet-stream");
            send(call, source, blob.size()).close();
        }

        private URI sendRest(URI at, Descriptor blob, BlobSource source, long done)
                throws IOException, InterruptedException {
            long left = blob.size() - done;
            if (left <= 0) {
                return at;
            }
            Call call = Call.of("PATCH", at.toString(), scopes)
                    .header("Content-Type", "application/octet-stream")
                    .header("Content-Range", done + "-" + (blob.size() - 1));
            try (Answer answer = send(call, out -> source.write(new After(out, done)), left)) {
                return location(answer, at);
            }
        }
    }

    /** Uploads a blob that is only made now; returns what it turned out to be. */
    Descriptor stream(String mediaType, BlobSource source) throws InterruptedException {
        return repeated(() -> {
            URI at = begin();
            MessageDigest sha = Digest.newSha256();
            long[] size = new long[1];
            Call call = Call.of("PATCH", at.toString(), scopes).header("Content-Type", "application/octet-stream");
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
            try (Answer answer = send(call, hashed, -1)) {
                Digest digest = new Digest("sha256", HexFormat.of().formatHex(sha.digest()));
                finish(location(answer, at), digest);
                return new Descriptor(mediaType, digest, size[0]);
            }
        });
    }

    private URI begin() throws IOException, InterruptedException {
        try (Answer answer = registry.send(Call.of("POST", uploads(), scopes))) {
            if (answer.status() != 202) {
                throw failed(answer);
            }
            return location(answer);
        } catch (Denied e) {
            throw denied(e.reason());
        }
    }

    /** Sends a body, which is made by a thread of its own. The caller closes the answer, which is a success. */
    private Answer send(Call call, BlobSource source, long length) throws IOException, InterruptedException {
        // With several attempts inside the endpoint (after a 401) there are several feeds, one after the other.
        List<Feed> feeds = new java.util.ArrayList<>();
        try {
            Duration within = length < 0 ? null : SLACK.plusSeconds(length / SLOWEST_BYTES_PER_SECOND);
            Answer answer = registry.send(call.sending(
                    () -> {
                        feeds.forEach(Feed::close);
                        Feed feed = Feed.open(source);
                        feeds.add(feed);
                        return length < 0
                                ? BodyPublishers.ofInputStream(() -> feed)
                                : length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.fromPublisher(
                                                BodyPublishers.ofInputStream(() -> feed), length);
                    },
                    within,
                    Call.Repeat.NO));
            if (!answer.isSuccess()) {
                throw failed(answer);
            }
            return answer;
        } catch (Denied e) {
            throw denied(e.reason());
        } catch (IOException e) {
            for (Feed feed : feeds) {
                DrydockException fault = feed.fault();
                if (fault != null) {
                    throw fault; // the source's own trouble, not the registry's
                }
            }
            throw e;
        } finally {
            feeds.forEach(Feed::close);
        }
    }

    private void finish(URI at, Digest digest) throws IOException, InterruptedException {
        try (Answer answer = registry.send(Call.of("PUT", withDigest(at, digest), scopes)
                .sending(() -> BodyPublishers.ofByteArrays(List.of()), Duration.ofMinutes(10), Call.Repeat.NO))) {
            if (!answer.isSuccess()) {
                throw failed(answer);
            }
        }
    }

    private IOException failed(Answer answer) {
        RemoteFault fault = answer.status() == 401 || answer.status() == 403
                ? denied(faults.refusal(answer))
                : faults.unexpected(answer);
        // An upload that the registry no longer knows, or at another place than we think, is begun again.
        if (Retries.isPassing(answer.status()) || answer.status() == 404 || answer.status() == 416) {
            return new Broken(fault, answer.header("Retry-After"));
        }
        throw fault;
    }

    RemoteFault denied(String reason) {
        return new RemoteFault("push access denied, repository does not exist or may require authorization: "
                        + faults.redacted(reason))
                .hint("Log in with \"drydock login " + registry.host() + "\", and check that " + path
                        + " is a repository that you may write to.");
    }

    private URI location(Answer answer) throws IOException {
        return location(answer, answer.address());
    }

    private static URI location(Answer answer, URI otherwise) throws IOException {
        String location = answer.header("Location");
        return location == null ? otherwise : Endpoint.resolve(answer.address(), location);
    }

    private static String withDigest(URI address, Digest digest) {
        return address + (address.getRawQuery() == null ? "?" : "&") + "digest=" + digest;
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

    /** For a body that is in memory already. */
    static BlobSource bytes(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return out -> out.write(copy);
    }
}
