package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;

class DigestTest {
    private static final String EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void theDigestOfNothingIsWellKnown() {
        assertThat(Digest.of(new byte[0])).hasToString(EMPTY).isEqualTo(Digest.parse(EMPTY));
        assertThat(Digest.parse(EMPTY).shortHex()).isEqualTo("e3b0c44298fc");
        assertThat(Digest.sha256(Digest.parse(EMPTY).bytes())).hasToString(EMPTY);
    }

    @Test
    void wrongDigestsAreRefusedInDockersWords() {
        refused("sha256:12", "invalid checksum digest length");
        refused("md5:" + "0".repeat(32), "unsupported digest algorithm");
        refused("sha256:" + "A".repeat(64), "invalid checksum digest format");
        refused("sha256", "invalid checksum digest format");
        refused("", "invalid checksum digest format");
        assertThat(Digest.parse("sha512:" + "0".repeat(128)).algorithm()).isEqualTo("sha512");
    }

    private static void refused(String text, String end) {
        assertThatThrownBy(() -> Digest.parse(text))
                .as(text)
                .isInstanceOf(UserFault.class)
                .hasMessageEndingWith(end);
    }
}
