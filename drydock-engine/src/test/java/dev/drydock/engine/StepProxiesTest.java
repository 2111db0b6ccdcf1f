package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.network.UpstreamProxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StepProxiesTest {
    private static final Map<String, String> HOST = Map.of(
            "http_proxy", "http://host:1", "HTTPS_PROXY", "http://u:p@host:2", "NO_PROXY", "near.example,10.0.0.0/8");

    private static String way(UpstreamProxy proxies, String host, boolean tunnel) {
        return proxies.towards(host, tunnel ? 443 : 80, tunnel)
                .map(hop -> hop + " " + hop.authorization())
                .orElse("directly");
    }

    @Test
    void theEnvironmentsProxiesAreThoseOfTheList() {
        UpstreamProxy proxies = StepProxies.of(Map.of(), HOST);
        assertThat(way(proxies, "far.example", false)).isEqualTo("host:1 null");
        assertThat(way(proxies, "far_off.example", true)).isEqualTo("host:2 Basic dTpw");
        assertThat(way(proxies, "a.near.example", true)).isEqualTo("directly");
        assertThat(way(proxies, "10.1.2.3", false)).isEqualTo("directly");
        assertThat(way(proxies, "2001:db8::1", true)).isEqualTo("host:2 Basic dTpw");
        assertThat(way(proxies, "localhost", true)).isEqualTo("directly");
    }

    @Test
    void whatStepsWereToUseWins() {
        UpstreamProxy proxies = StepProxies.of(
                Map.of("HTTP_PROXY", "http://[::1]:3", "https_proxy", "", "no_proxy", "far.example", "A", "b"), HOST);
        assertThat(way(proxies, "near.example", false)).isEqualTo("::1:3 null");
        assertThat(way(proxies, "near.example", true)).isEqualTo("directly");
        assertThat(way(proxies, "far.example", false)).isEqualTo("directly");
    }

    @Test
    void aProxyOfAnotherKindIsSaidSo() {
        assertThatThrownBy(() -> StepProxies.of(Map.of("HTTPS_PROXY", "socks5://host:1"), Map.of()))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining("socks5:// are not spoken to");
    }
}
