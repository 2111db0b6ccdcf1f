package dev.drydock.registry;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts blobs into one repository. A blob whose digest is known goes in one piece, one that is only being made is streamed; both
 * go on from where they broke.
 */
final class Uploads {
    private final Endpoint registry;
    private final String path;
    private final List<String> scopes;
    private final UploadParts parts;
    private final Faults faults;
    private final Retries retries;

    /** @param path of the repository at the registry */
    Uploads(Endpoint registry, String path, List<String> scopes, UploadParts parts, Faults faults, Retries retries) {
        this.parts = parts;
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
    static final class Broken extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final transient RemoteFault fault;
        private final transient @Nullable String retryAfter;
        /** Whether what the registry has of it is of no use. */
        final boolean anew;

        Broken(RemoteFault fault, @Nullable String retryAfter, boolean anew) {
            super(fault.text());
            this.fault = fault;
            this.retryAfter = retryAfter;
            this.anew = anew;
        }
    }

    /** The registry does not take what was sent, for another reason than that we may not write. */
    static final class Refused extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final transient RemoteFault fault;

        Refused(RemoteFault fault) {
            super(fault.text());
            this.fault = fault;
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
            } catch (Refused e) {
                throw e.fault;
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
        List<String> both = new ArrayList<>(scopes);
        both.add("repository:" + from + ":pull");
        return repeated(() -> {
            try (Answer answer =
                    registry.send(Call.of("POST", uploads() + "?mount=" + digest + "&from=" + from, both))) {
                if (answer.status() == 202) {
                    cancel(location(answer));
                }
                return answer.status() == 201;
            } catch (Denied e) {
                return false; // the other repository is not ours to read
            }
        });
    }

    /** Tells the registry that nothing more comes of an upload. */
    void cancel(URI at) throws IOException, InterruptedException {
        try (Answer _ = registry.send(Call.of("DELETE", at.toString(), scopes))) {
            // Whatever it says: an upload that is not cancelled is forgotten by the registry in time.
        }
    }

    /** Uploads a blob whose digest and size are known. */
    void upload(Descriptor blob, BlobSource source) throws InterruptedException {
        KnownUpload upload = new KnownUpload(this, blob, source, null);
        repeated(() -> {
            upload.run();
            return true;
        });
    }

    /** Uploads a blob that is only made now; returns what it turned out to be. */
    Descriptor stream(String mediaType, BlobSource source) throws InterruptedException {
        return repeated(new StreamedUpload(this, mediaType, source)::run);
    }

    /** How much the registry says that it has of an upload; less than zero if it knows nothing of it any more. */
    static long received(Answer answer) {
        String range = answer.header("Range");
        if ((answer.status() == 204 || answer.status() == 202)
                && range != null
                && range.matches("(bytes=)?0-\\d{1,18}")) {
            long last = Long.parseLong(range.substring(range.indexOf('-') + 1));
            return last == 0 ? 0 : last + 1; // "0-0" is what registries say of nothing
        }
        return -1;
    }

    /** Asks how an upload stands. The caller closes the answer. */
    Answer status(URI at) throws IOException, InterruptedException {
        return registry.send(Call.of("GET", at.toString(), scopes));
    }

    /** A request about an upload. */
    Call call(String method, String address) {
        return Call.of(method, address, scopes).header("Content-Type", "application/octet-stream");
    }

    /** Whether the registry has the blob after all. */
    boolean isThere(Digest digest) throws IOException, InterruptedException {
        try (Answer answer = registry.send(Call.of("HEAD", "/v2/" + path + "/blobs/" + digest, scopes))) {
            return answer.status() == 200;
        } catch (Denied e) {
            return false; // the next request says so
        }
    }

    /**
     * An upload that was begun.
     *
     * @param part how many bytes of it one request may send
     */
    record Begun(URI address, long part) {}

    Begun begin() throws IOException, InterruptedException {
        try (Answer answer = registry.send(Call.of("POST", uploads(), scopes))) {
            if (answer.status() != 202) {
                throw failed(answer);
            }
            return new Begun(location(answer), parts.of(registry.host(), answer));
        } catch (Denied e) {
            throw denied(e.reason());
        }
    }

    /** Sends a body, which is made by a thread of its own. The caller closes the answer, which is a success. */
    Answer send(Call call, BlobSource source, long length) throws IOException, InterruptedException {
        try (StreamedBody body = new StreamedBody(source)) {
            return send(call, body, () -> body.whole(length));
        }
    }

    /**
     * Sends what {@code publisher} gives of a body. The caller closes the answer, which is a success.
     *
     * @param publisher asked for each attempt
     */
    Answer send(Call call, StreamedBody body, Supplier<BodyPublisher> publisher)
            throws IOException, InterruptedException {
        try {
            Answer answer =
                    registry.send(call.sending(publisher, null, Call.Repeat.NO).moving(body::idle));
            if (!answer.isSuccess()) {
                throw failed(answer);
            }
            return answer;
        } catch (Denied e) {
            throw denied(e.reason());
        } catch (Refused e) {
            throw e; // it was sent as it is
        } catch (IOException e) {
            DrydockException fault = body.fault();
            if (fault != null) {
                throw fault; // the source's own trouble, not the registry's
            }
            throw e;
        }
    }

    void finish(URI at, Digest digest) throws IOException, InterruptedException {
        try (Answer answer = registry.send(Call.of("PUT", withDigest(at, digest), scopes)
                .sending(() -> BodyPublishers.ofByteArrays(List.of()), Duration.ofMinutes(10), Call.Repeat.NO))) {
            if (!answer.isSuccess()) {
                throw failed(answer);
            }
        }
    }

    private IOException failed(Answer answer) {
        if (answer.status() == 401 || answer.status() == 403) {
            throw denied(faults.refusal(answer));
        }
        RemoteFault fault = faults.unexpected(answer);
        // An upload that the registry no longer knows, that is at another place than we think, or that was damaged on
        // its
        // way is begun again.
        boolean anew = answer.status() == 404 || answer.status() == 416 || isDamaged(answer);
        if (Retries.isPassing(answer.status()) || anew) {
            return new Broken(fault, answer.header("Retry-After"), anew);
        }
        return new Refused(fault);
    }

    private static boolean isDamaged(Answer answer) {
        return answer.status() == 400
                && answer.problems().stream()
                        .map(Answer.Problem::code)
                        .anyMatch(code -> code.equals("DIGEST_INVALID") || code.equals("SIZE_INVALID"));
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

    static URI location(Answer answer, URI otherwise) throws IOException {
        String location = answer.header("Location");
        return location == null ? otherwise : Endpoint.resolve(answer.address(), location);
    }

    static String withDigest(URI address, Digest digest) {
        return address + (address.getRawQuery() == null ? "?" : "&") + "digest=" + digest;
    }
}
