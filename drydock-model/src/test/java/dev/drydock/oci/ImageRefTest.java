package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRefTest {
    private static final String DIGEST = "sha256:30c95b79c5690567c74d8714628ae3923f6c5e93b91f2d6307431ca8e9677520";

    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine:latest, alpine:latest",
        "alpine:3.20, docker.io/library/alpine:3.20, alpine:3.20",
        "u/r:1, docker.io/u/r:1, u/r:1",
        "docker.io/library/x, docker.io/library/x:latest, x:latest",
        "index.docker.io/u/x, docker.io/u/x:latest, u/x:latest",
        "localhost/r, localhost/r:latest, localhost/r:latest",
        "localhost:5000/r, localhost:5000/r:latest, localhost:5000/r:latest",
        "Foo/bar, Foo/bar:latest, Foo/bar:latest",
        "'[::1]:5000/r', '[::1]:5000/r:latest', '[::1]:5000/r:latest'",
        "a__b, docker.io/library/a__b:latest, a__b:latest",
        "a---b.c, docker.io/library/a---b.c:latest, a---b.c:latest",
        "reg.io/a/b/c:v1.0_x-Y, reg.io/a/b/c:v1.0_x-Y, reg.io/a/b/c:v1.0_x-Y",
    })
    void namesAreNormalised(String text, String full, String familiar) {
        ImageRef ref = ImageRef.parse(text).withDefaultTag();
        assertThat(ref).hasToString(full);
        assertThat(ref.familiar()).isEqualTo(familiar);
        assertThat(ImageRef.parse(ref.toString())).isEqualTo(ref);
        assertThat(ImageRef.parse(familiar)).isEqualTo(ref);
    }

    @Test
    void aDigestNeedsNoTagAndMayHaveOne() {
        ImageRef pinned = ImageRef.parse("reg.io/a/b/c@" + DIGEST).withDefaultTag();
        assertThat(pinned.tagIfAny()).isEmpty();
        assertThat(pinned).hasToString("reg.io/a/b/c@" + DIGEST);
        ImageRef both = ImageRef.parse("x:1@" + DIGEST);
        assertThat(both.tagIfAny()).contains("1");
        assertThat(both.digestIfAny()).contains(Digest.parse(DIGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:b:c",
                "-x",
                "foo/",
                "a..b",
                " ",
                "a___b",
                "a-_b",
                "-a",
                "x:",
                "x:.t",
                "https://x/y",
                "busybox:",
                "a b",
                "x@sha256:12",
                "x@",
                "/x",
                "a//b",
                "x:é",
                "exa_mple.com/x"
            })
    void badNamesAreRefused(String text) {
        assertThatThrownBy(() -> ImageRef.parse(text))
                .isInstanceOf(UserFault.class)
                .hasMessage("invalid reference format");
    }

    @Test
    void upperCaseIsRefusedWithTheNormalisedPathAndTheRemedy() {
        assertThatThrownBy(() -> ImageRef.parse("Busybox:1.37")).isInstanceOfSatisfying(UserFault.class, fault -> {
            assertThat(fault.text())
                    .isEqualTo("invalid reference format: repository name (library/Busybox) must be lowercase");
            assertThat(fault.hints()).containsExactly("Write it as busybox:1.37.");
        });
    }

    /** Capitals are told of first, whatever else is wrong. */
    @ParameterizedTest
    @CsvSource({
        "$Repo:1, library/$Repo",
        "X@SHA256:12, library/X@SHA256",
        "quay.io/A b:1, A b",
        "index.docker.io/A, library/A",
    })
    void upperCaseIsToldOfFirst(String text, String path) {
        assertThatThrownBy(() -> ImageRef.parse(text))
                .hasMessage("invalid reference format: repository name (" + path + ") must be lowercase");
    }

    @ParameterizedTest
    @CsvSource({
        "x@sha256:0123456789abcdef0123456789abcdef, invalid checksum digest length",
        "x:-@sha255:0123456789abcdef0123456789abcdef, invalid reference format",
        "x@sha255:0123456789abcdef0123456789abcdef, unsupported digest algorithm",
        "x@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef, invalid checksum digest format",
    })
    void whatIsWrongWithADigestIsSaid(String text, String message) {
        assertThatThrownBy(() -> ImageRef.parse(text)).hasMessage(message);
    }

    /** Found by fuzzing: without its domain each of these is another name. */
    @ParameterizedTest
    @ValueSource(strings = {"docker.io/b2rio.2/ra2lo", "index.docker.io/docker.io/l", "docker.io/localhost/x"})
    void aPathThatBeginsLikeADomainIsShownInFull(String text) {
        ImageRef name = ImageRef.parse(text);
        assertThat(ImageRef.parse(name.familiar())).isEqualTo(name);
    }

    @Test
    void namesThatWouldBeTakenForIdsAreRefused() {
        String id = "a".repeat(64);
        assertThatThrownBy(() -> ImageRef.parse(id))
                .hasMessage("invalid repository name (" + id + "), cannot specify 64-byte hexadecimal strings");
        assertThatThrownBy(() -> ImageRef.parse("")).hasMessage("repository name must have at least one component");
        assertThatThrownBy(() -> ImageRef.parse("a".repeat(256)))
                .hasMessage("repository name must not be more than 255 characters");
        assertThatThrownBy(() -> ImageRef.parse("x:" + "t".repeat(129))).hasMessage("invalid reference format");
    }
}
