package dev.drydock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.house.SilentPort;
import dev.drydock.oci.Digest;
import dev.drydock.registry.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class HttpDownloadsTest {
    private static final String TIME = "Tue, 15 Nov 1994 12:45:26 GMT";

    @TempDir
    Path directory;

    private WebServer web;
    private HttpDownloads downloads;

    @BeforeEach
    void start() throws IOException {
        web = WebServer.start();
        downloads = with(Secrets.NONE);
    }

    @AfterEach
    void stop() {
        downloads.close();
        web.close();
    }

    private HttpDownloads with(Secrets secrets) {
        return with(secrets, Map.of());
    }

    private HttpDownloads with(Secrets secrets, Map<String, String> environment) {
        return new HttpDownloads(() -> WebClient.open(environment), secrets, directory.resolve("known"));
    }

    private static Secrets secrets(Map<String, String> all) {
        return id -> Optional.ofNullable(all.get(id));
    }

    private HttpDownloads.Latest latest(String path) throws InterruptedException {
        return downloads.latest(web.url(path), directory.resolve("body"), (_, _) -> {});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFileComesWithItsDigestItsTimeAndItsName() throws Exception {
        web.file("/a.txt", bytes("hello"), "\"v1\"", TIME);
        HttpDownloads.Latest latest = latest("/a.txt");
        assertThat(latest.body()).hasContent("hello");
        assertThat(latest.file()).isEqualTo(new HttpFile(Digest.of(bytes("hello")), 5, 784903526, "\"v1\"", TIME));
    }

    @Test
    void whatDidNotChangeIsNotFetchedAgain() throws Exception {
        web.file("/tag", bytes("by tag"), "\"v1\"", "");
        web.file("/time", bytes("by time"), "", TIME);
        HttpFile tag = latest("/tag").file();
        HttpFile time = latest("/time").file();
        downloads.close();
        web.asked();
        downloads = with(Secrets.NONE);
        assertThat(latest("/tag")).isEqualTo(new HttpDownloads.Latest(tag, null));
        assertThat(latest("/time")).isEqualTo(new HttpDownloads.Latest(time, null));
        assertThat(web.asked()).containsExactly("GET /tag", "304 /tag", "GET /time", "304 /time");

        web.file("/tag", bytes("new"), "\"v2\"", "");
        assertThat(latest("/tag").body()).hasContent("new");
    }

    @Test
    void aServerThatAnswersWithTheSameTagInsteadOf304IsUnderstood() throws Exception {
        web.page("/a", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"v1\"");
            WebServer.send(exchange, bytes("hello"));
        });
        latest("/a");
        assertThat(latest("/a").body()).isNull();
        assertThat(downloads
                        .fetch(web.url("/a"), directory.resolve("again"), (_, _) -> {})
                        .size())
                .isEqualTo(5);
    }

    @Test
    void redirectsAreFollowedTenTimes() throws Exception {
        web.file("/end", "found");
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            web.redirect("/" + status, status, status % 2 == 0 ? "/end" : web.url("/end"));
            assertThat(latest("/" + status).body()).hasContent("found");
        }
        for (int i = 0; i < 10; i++) {
            web.redirect("/hop" + i, 302, i == 9 ? "end" : "hop" + (i + 1));
        }
        assertThat(latest("/hop0").body()).hasContent("found");
        web.redirect("/circle", 302, "/circle");
        assertThatThrownBy(() -> latest("/circle"))
                .hasMessage("get " + web.url("/circle") + ": stopped after 10 redirects");
        web.redirect("/file", 302, "file:///etc/passwd");
        assertThatThrownBy(() -> latest("/file")).hasMessageContaining("leads to an address that is not HTTP");
        for (String odd : new String[] {":/@@H+%60@", "@@@:/@@", "H@@:/%60@@@:/@@", "http://", "//[", "http://a b/"}) {
            web.redirect("/odd", 302, odd);
            assertThatThrownBy(() -> latest("/odd")).isInstanceOf(DrydockException.class);
        }
    }

    /** Answers each connection with these bytes, then resets it; {@link WebServer} would mend what is broken. */
    private static ServerSocket raw(String answer) throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!socket.isClosed()) {
                try (var client = socket.accept()) {
                    client.getInputStream().read(new byte[8192]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    client.getOutputStream().flush();
                    client.setSoLinger(true, 0);
                } catch (IOException ended) {
                    // with the test
                }
            }
        });
        return socket;
    }

    @Test
    void brokenAnswersAreFaultsOfTheServer() throws Exception {
        for (String answer : new String[] {
            "",
            "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\n",
            "HTTP/1.1 302 Found\r\n" + "Location: /a\r\n".repeat(3),
        }) {
            try (ServerSocket server = raw(answer)) {
                String url = "http://127.0.0.1:" + server.getLocalPort() + "/a";
                assertThatThrownBy(() -> downloads.latest(url, directory.resolve("body"), (_, _) -> {}))
                        .as(answer.substring(0, Math.min(60, answer.length())))
                        .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                            assertThat(fault.text()).startsWith("Get \"" + url + "\": the connection broke");
                            assertThat(fault.hints()).isNotEmpty();
                        });
            }
        }
    }

    @Test
    void aConnectionThatResetsOnceIsAskedAgain() throws Exception {
        AtomicInteger count = new AtomicInteger();
        web.page("/a", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            if (count.incrementAndGet() > 1) {
                exchange.getResponseBody().write(bytes("done"));
            }
        });
        assertThat(latest("/a").body()).hasContent("done");
    }

    @Test
    void secretsGoToTheirServerOnly() throws Exception {
        try (WebServer other = WebServer.start()) {
            web.file("/a", "x");
            other.file("/b", "y");
            web.redirect("/away", 302, other.url("/b"));
            downloads.close();
            downloads = with(secrets(Map.of("HTTP_AUTH_TOKEN_" + web.host(), "geheim\n")));
            latest("/a");
            latest("/away");
            assertThat(web.asked()).containsExactly("GET /a Bearer geheim", "GET /away Bearer geheim");
            assertThat(other.asked()).containsExactly("GET /b");

            downloads.close();
            downloads = with(secrets(Map.of("HTTP_AUTH_HEADER_127.0.0.1", "Digest x")));
            latest("/a");
            assertThat(web.asked()).containsExactly("GET /a Digest x");
        }
    }

    @Test
    void aPasswordInTheAddressIsUsedAndNeverShown() throws Exception {
        web.file("/a", "x");
        String url = web.url("/a").replace("http://", "http://me:s%40fe@");
        downloads.latest(url, directory.resolve("body"), (_, _) -> {});
        assertThat(web.asked()).containsExactly("GET /a Basic bWU6c0BmZQ==");
        assertThatThrownBy(() -> downloads.latest(
                        url.replace("/a", "/none?sig=geheim"), directory.resolve("body"), (_, _) -> {}))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).isEqualTo("invalid response status 404");
                    assertThat(fault.hints())
                            .containsExactly("There is no " + web.url("/none") + "?… any more: check the address.");
                });
    }

    @Test
    void aServerInTroubleIsAskedAgain() throws Exception {
        AtomicInteger count = new AtomicInteger();
        web.page("/tired", exchange -> {
            if (count.incrementAndGet() < 3) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                WebServer.send(exchange, bytes("at last"));
            }
        });
        assertThat(latest("/tired").body()).hasContent("at last");
        web.page("/down", exchange -> exchange.sendResponseHeaders(503, -1));
        assertThatThrownBy(() -> latest("/down")).hasMessage("invalid response status 503");
        assertThat(web.asked()).hasSize(6);
        web.page("/broken", exchange -> exchange.sendResponseHeaders(500, -1));
        assertThatThrownBy(() -> latest("/broken")).hasMessage("invalid response status 500");
        assertThat(web.asked()).hasSize(1);
    }

    @Test
    void aBodyThatIsCutOffIsFetchedAgainAndThenAFault() throws Exception {
        AtomicInteger count = new AtomicInteger();
        web.page("/cut", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[count.incrementAndGet() < 2 ? 50 : 100]);
        });
        assertThat(latest("/cut").file().size()).isEqualTo(100);
        web.page("/always", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
        });
        assertThatThrownBy(() -> latest("/always"))
                .isInstanceOf(RemoteFault.class)
                .hasMessageStartingWith("Get \"" + web.url("/always") + "\": the connection broke");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        try (SilentPort silent = new SilentPort()) {
            String url = "http://127.0.0.1:" + silent.port() + "/a";
            assertThatThrownBy(() -> downloads.latest(url, directory.resolve("body"), (_, _) -> {}))
                    .isInstanceOf(RemoteFault.class)
                    .hasMessage("Get \"" + url + "\": connect to 127.0.0.1:" + silent.port() + ": connection refused");
        }
        assertThatThrownBy(() -> downloads.latest("http://nosuch.invalid/a", directory.resolve("body"), (_, _) -> {}))
                .hasMessage("Get \"http://nosuch.invalid/a\": lookup nosuch.invalid: no such host");
        assertThatThrownBy(() -> downloads.latest("http:///a", directory.resolve("body"), (_, _) -> {}))
                .isInstanceOf(DrydockException.class);
    }

    @Test
    void anInterruptEndsADownloadThatBringsNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        web.page("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                latest("/slow");
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        begun.await();
        reader.interrupt();
        reader.join();
        end.countDown();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void httpsIsCheckedAgainstTheAuthoritiesOfTheSystem() throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "web",
                "-dname",
                "CN=web",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                "secret");
        Path pem = directory.resolve("web.pem");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "web",
                "-keystore",
                keys.toString(),
                "-storepass",
                "secret",
                "-file",
                pem.toString());
        try (WebServer secure = WebServer.startTls(keys, "secret")) {
            secure.file("/a", "safe");
            web.redirect("/up", 301, secure.url("/a"));
            assertThatThrownBy(() -> latest("/up"))
                    .isInstanceOf(RemoteFault.class)
                    .hasMessageStartingWith("Get \"" + web.url("/up") + "\": tls: ");
            downloads.close();
            downloads = with(
                    secrets(Map.of("HTTP_AUTH_TOKEN_" + web.host(), "geheim")),
                    Map.of("SSL_CERT_FILE", pem.toString()));
            assertThat(latest("/up").body()).hasContent("safe");
            assertThat(secure.asked()).containsExactly("GET /a");

            // Back to plain HTTP the file comes, the secret does not.
            web.asked();
            web.file("/plain", "plain");
            secure.redirect("/down", 302, web.url("/plain"));
            downloads.close();
            downloads = with(
                    secrets(Map.of("HTTP_AUTH_TOKEN_127.0.0.1", "geheim")), Map.of("SSL_CERT_FILE", pem.toString()));
            assertThat(downloads
                            .latest(secure.url("/down"), directory.resolve("body"), (_, _) -> {})
                            .body())
                    .hasContent("plain");
            assertThat(secure.asked()).containsExactly("GET /down Bearer geheim");
            assertThat(web.asked()).containsExactly("GET /plain");
        }
    }

    private static void keytool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void addressesThatAreNoUrisAreEscaped() throws Exception {
        web.file("/a%20b%5B1%5D/%C3%BC", "odd");
        assertThat(latest("/a b[1]/ü").body()).hasContent("odd");
    }

    @Test
    void whatIsRememberedMayBeDamaged() throws Exception {
        web.file("/a", bytes("x"), "\"v1\"", "");
        latest("/a");
        try (var files = Files.list(directory.resolve("known"))) {
            Files.writeString(files.findFirst().orElseThrow(), "drydock-http-1\nx\n");
        }
        assertThat(latest("/a").body()).hasContent("x");
    }
}
