package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    private static final String SYSTEM =
            "\"^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.%-]*)((?:\\\\+[A-Za-z0-9_.%-]+)*)\\\\))?$\"";
    private static final String PART = "\"^[A-Za-z0-9_.-]+$\"";

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
        assertThat(Platform.parse("windows(10%2E0)/amd64").osVersion()).isEqualTo("10.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|\"\" is an invalid OS component of \"\": OSAndVersion specifier component must match " + SYSTEM,
                "/|\"\" is an invalid OS component of \"/\": OSAndVersion specifier component must match " + SYSTEM,
                "$P|\"$P\" is an invalid OS component of \"$P\": OSAndVersion specifier component must match " + SYSTEM,
                "a.b/c|\"a.b\" is an invalid OS component of \"a.b/c\": OSAndVersion specifier component must match "
                        + SYSTEM,
                "linux/|\"\" is an invalid component of \"linux/\": platform specifier component must match " + PART,
                "linux/amd64(1)|\"amd64(1)\" is an invalid component of \"linux/amd64(1)\": platform specifier component must match "
                        + PART,
                "l/a/v/x/y|\"x/y\" is an invalid component of \"l/a/v/x/y\": platform specifier component must match "
                        + PART,
                "linux/amd64/v1/x|\"linux/amd64/v1/x\": cannot parse platform specifier",
                "windows(10.0+win32k)/amd64|\"windows(10.0+win32k)/amd64\": features of an operating system cannot be chosen",
                "linux/*|\"linux/*\": wildcards not yet supported",
                "foo|\"foo\": unknown operating system or architecture",
            })
    void otherWordsAreRefused(String text, String message) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(UserFault.class)
                .hasMessage(message + ": invalid argument");
    }
}
