package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a step's resolv.conf says, as Docker makes it. */
final class HostResolverTest {
    private static final String STUB = "nameserver 127.0.0.53\noptions edns0\nsearch lan\n";
    private static final String BEHIND = "nameserver 10.1.1.1\nsearch lan\n";

    @Test
    void systemdsOwnResolverGivesWayToThoseBehindIt() {
        assertThat(HostResolver.resolvConf(STUB, BEHIND, null)).isEqualTo(BEHIND);
        assertThat(HostResolver.outOfReachOf(STUB, BEHIND)).isEmpty();
    }

    @Test
    void withoutServersBehindItItIsReachedThroughAnother() {
        assertThat(HostResolver.outOfReachOf(STUB, "")).containsExactly("127.0.0.53");
        assertThat(HostResolver.resolvConf(STUB, "", "10.0.2.3"))
                .isEqualTo("nameserver 10.0.2.3\noptions edns0\nsearch lan\n");
    }

    @Test
    void aServerThatIsWithinReachIsKept() {
        String two = "# by hand\nnameserver\t127.0.0.1\nnameserver 192.0.2.53\n";
        assertThat(HostResolver.resolvConf(two, "", null)).isEqualTo(two);
        assertThat(HostResolver.outOfReachOf(two, "")).isEmpty();
        assertThat(HostResolver.outOfReachOf("nameserver ::1\n", "")).containsExactly("::1");
    }

    @Test
    void whereThereIsNoneTwoThatAllKnowAreAsked() {
        assertThat(HostResolver.resolvConf("search lan\n", "", null))
                .isEqualTo("search lan\nnameserver 8.8.8.8\nnameserver 8.8.4.4\n");
        assertThat(HostResolver.outOfReachOf("", "")).isEmpty();
    }
}
