package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.SilentPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The names end in {@code .invalid}, which nobody can look up: only a proxy that is asked by name knows them. */
@Timeout(300)
final class ListedHostsProxyTest {
    private static final AllowedHosts LISTED =
            AllowedHosts.of(List.of("listed.invalid", "localhost:8080", "plain_name.invalid"));
    private static final String LOGIN = "Basic c2VjcmV0";

    private String ask(ListedHostsProxy proxy, String request) throws IOException {
        ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        try (Doorway _ = Doorway.serve(server, proxy);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static ListedHostsProxy behind(TestProxy upstream) {
        return new ListedHostsProxy(
                LISTED,
                (host, _, _) -> host.equals("localhost")
                        ? Optional.empty()
                        : Optional.of(new UpstreamProxy.Hop("127.0.0.1", upstream.port(), LOGIN)));
    }

    @Test
    void aTunnelGoesThroughTheProxyByName() throws Exception {
        try (TestProxy upstream = new TestProxy("HTTP/1.1 200 Fine\r\nVia: me\r\n\r\nfirst bytes")) {
            String answer = ask(
                    behind(upstream),
                    "CONNECT listed.invalid:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: own\r\n\r\nhello");
            assertThat(answer).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\nfirst bytes");
            assertThat(upstream.first())
                    .isEqualTo(
                            "CONNECT listed.invalid:443 HTTP/1.1\r\nHost: listed.invalid:443\r\nProxy-Authorization: "
                                    + LOGIN + "\r\n\r\nhello");
        }
    }

    @Test
    void aProxyThatRefusesIsQuotedWithoutItsLogin() throws Exception {
        try (TestProxy upstream = new TestProxy("HTTP/1.1 403 Forbidden\r\n\r\nno")) {
            String answer = ask(behind(upstream), "CONNECT listed.invalid:443 HTTP/1.1\r\n\r\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .endsWith("drydock: proxy 127.0.0.1:" + upstream.port()
                            + " answered to CONNECT listed.invalid:443: HTTP/1.1 403 Forbidden\n")
                    .doesNotContain(LOGIN);
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        try (SilentPort silent = new SilentPort()) {
            ListedHostsProxy nowhere = new ListedHostsProxy(
                    LISTED, (_, _, _) -> Optional.of(new UpstreamProxy.Hop("127.0.0.1", silent.port(), LOGIN)));
            assertThat(ask(nowhere, "CONNECT listed.invalid:443 HTTP/1.1\r\n\r\n"))
                    .endsWith("drydock: proxy 127.0.0.1:" + silent.port() + " cannot be reached\n");
        }
    }

    @Test
    void aProxyThatHangsUpIsNamed() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread hangsUp = Thread.ofVirtual().start(() -> {
                try (Socket asked = rude.accept()) {
                    assertThat(asked.getInputStream().read()).isEqualTo('C');
                    asked.setSoLinger(true, 0); // a reset
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            ListedHostsProxy proxy = new ListedHostsProxy(
                    LISTED, (_, _, _) -> Optional.of(new UpstreamProxy.Hop("127.0.0.1", rude.getLocalPort(), LOGIN)));
            assertThat(ask(proxy, "CONNECT listed.invalid:443 HTTP/1.1\r\n\r\n"))
                    .endsWith("drydock: proxy 127.0.0.1:" + rude.getLocalPort()
                            + " answered to CONNECT listed.invalid:443: nothing\n");
            hangsUp.join();
        }
    }

    /** Who closes a connection with something unread in it takes back what is still on its way out. */
    @Test
    void aRefusalReachesWhoIsStillSpeaking() throws Exception {
        ListedHostsProxy proxy = new ListedHostsProxy(LISTED, UpstreamProxy.NONE);
        String body = "x".repeat(8 << 20);
        assertThat(ask(
                        proxy,
                        "POST http://other.invalid/ HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 403 ")
                .endsWith("drydock: other.invalid:80 is not among the hosts that --network-allow names\n");
    }

    /** What follows it would be a request to whatever host it names: the proxy in front of the world knows of no list. */
    @Test
    void ofPlainRequestsTheProxyGetsOneWithItsBodyAndNoMore() throws Exception {
        try (TestProxy upstream = new TestProxy("HTTP/1.1 200 OK\r\n\r\nhere it is", "\r\n\r\n12345")) {
            String answer = ask(
                    behind(upstream),
                    "POST http://listed.invalid/a?b HTTP/1.1\r\nHost: other.invalid\r\nContent-Length: 5\r\nA:  b\r\n"
                            + "Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\n\r\n"
                            + "12345GET http://other.invalid/ HTTP/1.1\r\n\r\n");
            assertThat(answer).isEqualTo("HTTP/1.1 200 OK\r\n\r\nhere it is");
            assertThat(upstream.first())
                    .isEqualTo("POST http://listed.invalid/a?b HTTP/1.1\r\nHost: listed.invalid\r\n"
                            + "Content-Length: 5\r\nA: b\r\nProxy-Authorization: " + LOGIN
                            + "\r\nConnection: close\r\n\r\n12345");
        }
    }

    @Test
    void whatCouldBeReadInTwoWaysIsRefused() throws Exception {
        try (TestProxy upstream = new TestProxy("HTTP/1.1 200 OK\r\n\r\n")) {
            ListedHostsProxy proxy = behind(upstream);
            String get = "GET http://plain_name.invalid/ HTTP/1.1\r\n";
            assertThat(ask(proxy, get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 411 ");
            for (String fields : List.of(
                    "Content-Length: 1\r\nContent-Length: 2\r\n",
                    "Content-Length: +1\r\n",
                    "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                    "Content-Length : 1\r\n",
                    "A: b\r\n folded\r\n",
                    "A: \0\r\n",
                    "no field\r\n")) {
                assertThat(ask(proxy, get + fields + "\r\n")).as(fields).startsWith("HTTP/1.1 400 ");
            }
            assertThat(upstream.asked().stream().filter(text -> !text.isEmpty()))
                    .isEmpty();
        }
    }

    @Test
    void aHostThatIsNotListedIsNotAskedFor() throws Exception {
        try (TestProxy upstream = new TestProxy("HTTP/1.1 200 OK\r\n\r\n")) {
            ListedHostsProxy proxy = behind(upstream);
            assertThat(ask(proxy, "CONNECT other.invalid:443 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 ");
            assertThat(ask(proxy, "GET http://listed.invalid:81/ HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(proxy.refused()).containsExactly("listed.invalid:81", "other.invalid:443");
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void whatNeedsNoProxyIsReachedDirectly() throws Exception {
        try (TestProxy service = new TestProxy("HTTP/1.1 200 OK\r\n\r\ndirectly")) {
            AllowedHosts allowed = AllowedHosts.of(List.of("localhost:" + service.port()));
            ListedHostsProxy proxy = new ListedHostsProxy(allowed, UpstreamProxy.NONE);
            String authority = "localhost:" + service.port();
            assertThat(ask(proxy, "GET http://" + authority + "?q HTTP/1.0\r\nHost: evil\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200 OK\r\n\r\ndirectly");
            assertThat(service.first())
                    .isEqualTo("GET /?q HTTP/1.1\r\nHost: " + authority + "\r\nConnection: close\r\n\r\n");
        }
    }
}
