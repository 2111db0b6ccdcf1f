package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProxyVariablesTest {
    @ParameterizedTest
    @CsvSource({
        "http_proxy=http://127.0.0.1:3128, 3128",
        "HTTPS_PROXY=http://u:p@localhost:8080/, 8080",
        "all_proxy=socks5h://127.0.0.2:1080, 1080",
        "https_proxy=127.0.0.1:3128, 3128",
        "ftp_proxy=http://[::1]:21, 21",
        "http_proxy=http://proxy.example:3128, -1",
        "http_proxy=http://127.0.0.1.example:3128, -1",
        "http_proxy=http://127.0.0.1, -1",
        "http_proxy=, -1",
        "http_proxy, -1",
        "no_proxy=127.0.0.1:1, -1",
        "A=http://127.0.0.1:3128, -1",
        "http_proxy=http://a b, -1",
    })
    void findsThePortOfAProxyOnLoopback(String variable, int port) {
        assertThat(ProxyVariables.loopbackPort(variable).orElse(-1)).isEqualTo(port);
    }
}
