package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/x86_64, linux/amd64",
        "linux/x86-64, linux/amd64",
        "linux/amd64/v1, linux/amd64",
        "linux/amd64/v3, linux/amd64/v3",
        "linux/aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm64/8, linux/arm64",
        "linux/armhf, linux/arm/v7",
        "linux/armel, linux/arm/v6",
        "linux/arm, linux/arm/v7",
        "linux/arm/6, linux/arm/v6",
        "linux/i386, linux/386",
        "macos/arm64, darwin/arm64",
        "Linux/AMD64, linux/amd64",
        "arm64, linux/arm64",
        "s390x, linux/s390x",
    })
    void platformsAreNormalised(String text, String normal) {
        assertThat(Platform.parse(text)).hasToString(normal);
    }

    @Test
    void aKnownSystemAloneMeansThisProcessor() {
        assertThat(Platform.parse("linux")).isEqualTo(Platform.host());
    }

    @Test
    void theVersionOfTheSystemIsKept() {
        assertThat(Platform.parse("windows()/amd64")).isEqualTo(Platform.parse("windows/amd64"));
        Platform windows = Platform.parse("windows(10.0.17763)/amd64");
        assertThat(windows.osVersion()).isEqualTo("10.0.17763");
        assertThat(windows).hasToString("windows/amd64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "foo", "linux/", "/", "linux/amd64/v1/x", "linux amd64", "linux/amd64(1)", "$BUILDPLATFORM"})
    void otherWordsAreRefused(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining("\"" + text);
    }
}
