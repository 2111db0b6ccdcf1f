package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedHostsTest {
    private static final AllowedHosts HOSTS = AllowedHosts.of(List.of(
            "example.org", "*.example.com", "cache.lan:8081", "192.0.2.7", "[2001:db8::1]:8443", "*.deep.lan:99"));

    @ParameterizedTest
    @CsvSource({
        "example.org, 443, true",
        "EXAMPLE.org., 80, true",
        "example.org, 8080, false",
        "www.example.org, 443, false",
        "badexample.org, 443, false",
        "example.org.evil.net, 443, false",
        "a.example.com, 443, true",
        "a.b.example.com, 443, true",
        "example.com, 443, false",
        "xexample.com, 443, false",
        "cache.lan, 8081, true",
        "cache.lan, 443, false",
        "192.0.2.7, 80, true",
        "192.0.2.8, 80, false",
        "2001:db8::1, 8443, true",
        "2001:db8::1, 443, false",
        "x.deep.lan, 99, true",
        "x.deep.lan, 443, false",
    })
    void allowsWhatIsNamed(String host, int port, boolean allowed) {
        assertThat(HOSTS.allows(host, port)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "*.", "http://x", "x/y", "a b", "x:0", "x:70000", "x:y", "*.192.0.2.7x_/", "a..b", "-x"
            })
    void refusesWhatIsNoHost(String text) {
        assertThatThrownBy(() -> AllowedHosts.of(List.of(text)))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining("in the list of allowed hosts");
    }

    /** A name on the list that somebody lets point at the builder itself. */
    @Test
    void aNameThatLeadsInwardsIsNotMeant() throws Exception {
        for (String inward : List.of("127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1", "224.0.0.1")) {
            InetAddress address = InetAddress.ofLiteral(inward);
            assertThat(AllowedHosts.isMeant("example.org", address)).as(inward).isFalse();
            assertThat(AllowedHosts.isMeant(inward, address)).as(inward).isTrue();
        }
        assertThat(AllowedHosts.isMeant("example.org", InetAddress.ofLiteral("10.0.0.1")))
                .isTrue();
        assertThat(AllowedHosts.isMeant("localhost", InetAddress.ofLiteral("127.0.0.1")))
                .isTrue();
    }
}
