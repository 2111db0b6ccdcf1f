package dev.drydock.source;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Digest;
import dev.drydock.registry.WebClient;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files from web servers into a directory, and remembers what the servers call them, so that a file that did not
 * change is not fetched again. Redirects are followed; secrets go to the server they are meant for and to no other. The
 * client is made when the first file is wanted. Safe for several threads. The caller closes it.
 */
public final class HttpDownloads implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final int ATTEMPTS = 3;
    private static final int REMEMBERED = 1000;

    private final Supplier<WebClient> clients;
    private final Secrets secrets;
    private final KeptFiles known;
    private @Nullable WebClient client; // by this

    /**
     * Downloads for one build.
     *
     * @param clients gives a client; asked once, and the client is closed with this
     * @param known directory for what is remembered of files; it need not exist
     */
    public HttpDownloads(Supplier<WebClient> clients, Secrets secrets, Path known) {
        this.clients = clients;
        this.secrets = secrets;
        this.known = new KeptFiles(known, REMEMBERED);
    }

    /** An address as messages may show it. */
    public static String shown(String url) {
        return HttpAddress.parse(url).toString();
    }

    /** Takes how much of a file is there; {@code total} is 0 when the server does not say. */
    @FunctionalInterface
    public interface Progress {
        void at(long current, long total);
    }

    /**
     * A file as the server has it now.
     *
     * @param body where its bytes are; null when they are those that were fetched some time before
     */
    public record Latest(HttpFile file, @Nullable Path body) {}

    /**
     * Asks for a file; it is fetched to {@code target} unless it is still what it was when it was last fetched. Blocks.
     *
     * @throws RemoteFault if the server cannot be reached or refuses
     */
    public Latest latest(String url, Path target, Progress progress) throws InterruptedException {
        HttpAddress address = HttpAddress.parse(url);
        return attempt(address, remembered(address).orElse(null), target, progress);
    }

    /** Fetches a file to {@code target}, known or not. Blocks; throws as {@link #latest}. */
    public HttpFile fetch(String url, Path target, Progress progress) throws InterruptedException {
        return attempt(HttpAddress.parse(url), null, target, progress).file();
    }

    private Optional<HttpFile> remembered(HttpAddress address) {
        try {
            return known.read(name(address)).map(HttpFile::read);
        } catch (DrydockException damaged) {
            known.lost("read", name(address), damaged);
            return Optional.empty();
        }
    }

    private static String name(HttpAddress address) {
        return Digest.of(address.uri().toString().getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    private Latest attempt(HttpAddress address, @Nullable HttpFile before, Path target, Progress progress)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Latest latest = ask(address, before, target, progress);
                if (latest.body() != null) {
                    known.write(name(address), latest.file().write());
                }
                return latest;
            } catch (IOException e) {
                HttpTrouble.stopIfInterrupted(e);
                if (attempt == ATTEMPTS || !HttpTrouble.mayPass(e)) {
                    throw HttpTrouble.fault(address, e);
                }
            }
            Thread.sleep(Duration.ofMillis(200L * attempt * attempt));
        }
    }

    private Latest ask(HttpAddress address, @Nullable HttpFile before, Path target, Progress progress)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(address, before);
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (before != null && isSame(before, response)) {
                return new Latest(before, null);
            }
            if (status >= 500 && status != 501) {
                throw new HttpTrouble.BadStatus(status);
            }
            if (status < 200 || status >= 300) {
                throw HttpTrouble.refused(address, status);
            }
            return new Latest(save(response, body, target, progress), target);
        }
    }

    /** Servers that do not care for conditions still say which version they send. */
    private static boolean isSame(HttpFile before, HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 304 -> true;
            case 200 -> !before.entityTag().isEmpty() && before.entityTag().equals(entityTag(response.headers()));
            default -> false;
        };
    }

    /** Asks, and asks again wherever answers send to. The caller closes the last answer's body. */
    private HttpResponse<InputStream> send(HttpAddress address, @Nullable HttpFile before)
            throws IOException, InterruptedException {
        String authorization = authorization(address);
        HttpAddress at = address;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpRequest.Builder request = HttpRequest.newBuilder()
                    .timeout(client().patience())
                    .header("User-Agent", "drydock")
                    .header("Accept", "*/*");
            if (authorization != null && at.isSameServerAs(address)) {
                request.header("Authorization", authorization);
            }
            if (before != null && !before.entityTag().isEmpty()) {
                request.header("If-None-Match", before.entityTag());
            }
            if (before != null && !before.lastModified().isEmpty()) {
                request.header("If-Modified-Since", before.lastModified());
            }
            HttpResponse<InputStream> response = client().send(request, at.uri());
            Optional<String> location = switch (response.statusCode()) {
                case 301, 302, 303, 307, 308 -> response.headers().firstValue("Location");
                default -> Optional.empty();
            };
            if (location.isEmpty()) {
                return response;
            }
            response.body().close();
            at = at.redirected(location.get());
        }
        throw new RemoteFault("get " + address + ": stopped after " + MOST_REDIRECTS + " redirects")
                .hint("Name the address that it should lead to in the end.");
    }

    /** What is shown to the server: a secret of its name, or what the address itself holds. */
    private @Nullable String authorization(HttpAddress address) {
        for (String host : new String[] {address.host(), address.uri().getHost()}) {
            Optional<String> header = secrets.find("HTTP_AUTH_HEADER_" + host);
            if (header.isPresent()) {
                return header.get().strip();
            }
            Optional<String> token = secrets.find("HTTP_AUTH_TOKEN_" + host);
            if (token.isPresent()) {
                return "Bearer " + token.get().strip();
            }
        }
        return address.user() == null ? null : "Basic " + Base64.getEncoder().encodeToString(decoded(address.user()));
    }

    private static byte[] decoded(String user) {
        return java.net.URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static HttpFile save(HttpResponse<?> response, InputStream body, Path target, Progress progress)
            throws IOException, InterruptedException {
        HttpHeaders headers = response.headers();
        long total = headers.firstValueAsLong("Content-Length").orElse(0);
        MessageDigest sha = Digest.newSha256();
        long size = 0;
        byte[] buffer = new byte[64 * 1024];
        try (OutputStream out = open(target)) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                sha.update(buffer, 0, n);
                write(out, buffer, n, target);
                size += n;
                progress.at(size, total);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        if (total != size) {
            progress.at(size, size);
        }
        return new HttpFile(
                Digest.sha256(sha.digest()),
                size,
                modified(headers),
                entityTag(headers),
                headers.firstValue("Last-Modified").orElse(""));
    }

    private static OutputStream open(Path target) {
        try {
            return Files.newOutputStream(target);
        } catch (IOException e) {
            throw Disk.fault("save download to " + target, e);
        }
    }

    /** What the disk refuses is not the server's fault. */
    private static void write(OutputStream out, byte[] buffer, int length, Path target) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw Disk.fault("save download to " + target, e);
        }
    }

    private static String entityTag(HttpHeaders headers) {
        return headers.firstValue("ETag").orElse("");
    }

    private static long modified(HttpHeaders headers) {
        Optional<String> text = headers.firstValue("Last-Modified");
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Instant time = ZonedDateTime.parse(text.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return time.getEpochSecond();
        } catch (DateTimeParseException e) {
            return 0; // the server's own idea of a date is as good as none
        }
    }

    private synchronized WebClient client() {
        if (client == null) {
            client = clients.get();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
