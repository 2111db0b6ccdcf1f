package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.Annotations.Annotation;
import dev.drydock.oci.Annotations.Place;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values from buildx ({@code --annotation}) and BuildKit (attributes of exporters). */
class AnnotationsTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");

    @Test
    void aFlagNamesTypesPlatformsKeyAndValue() {
        assertThat(Annotations.ofFlags(List.of(
                                "k=v",
                                "manifest:a=b=c",
                                "index,manifest[linux/arm64],manifest-descriptor[linux/amd64]:x=",
                                "index-descriptor:org.opencontainers.image.url=http://h:80/",
                                ""))
                        .all())
                .containsExactly(
                        new Annotation(Place.MANIFEST, null, "k", "v"),
                        new Annotation(Place.MANIFEST, null, "a", "b=c"),
                        new Annotation(Place.INDEX, null, "x", ""),
                        new Annotation(Place.MANIFEST, ARM64, "x", ""),
                        new Annotation(Place.MANIFEST_DESCRIPTOR, AMD64, "x", ""),
                        new Annotation(Place.INDEX_DESCRIPTOR, null, "org.opencontainers.image.url", "http://h:80/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "novalue | invalid annotation \"novalue\", expected key=value",
                "manifest:novalue | invalid annotation \"manifest:novalue\", expected key=value",
                "Manifest:k=v | invalid annotation type \"Manifest\", expected type and optional platform in square brackets",
                "manifest[]:k=v | invalid annotation type \"manifest[]\", expected type and optional platform in square brackets",
                "manifest[*]:k=v | invalid annotation type \"manifest[*]\", expected type and optional platform in square brackets",
                ":k=v | invalid annotation type \"\", expected type and optional platform in square brackets",
                "manifest,:k=v | invalid annotation type \"\", expected type and optional platform in square brackets",
                "manifests:k=v | unknown annotation type \"manifests\"",
                "manifest[plan9000]:k=v | invalid platform \"plan9000\": \"plan9000\": unknown operating system or architecture: invalid argument",
            })
    void aFlagThatIsWrong(String flag, String message) {
        assertThatThrownBy(() -> Annotations.ofFlags(List.of(flag)))
                .isInstanceOfSatisfying(
                        UserFault.class, fault -> assertThat(fault.text()).isEqualTo(message));
    }

    @Test
    void anUnknownTypeIsToldTheNearestOne() {
        assertThatThrownBy(() -> Annotations.ofFlags(List.of("indx:k=v")))
                .isInstanceOfSatisfying(
                        UserFault.class, fault -> assertThat(fault.hints()).contains("Did you mean index?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "annotation.k | MANIFEST | | k",
                "annotation.org.opencontainers.image.title | MANIFEST | | org.opencontainers.image.title",
                "annotation-manifest.k | MANIFEST | | k",
                "annotation[linux/amd64].k | MANIFEST | linux/amd64 | k",
                "annotation-index.k | INDEX | | k",
                "annotation-manifest-descriptor[linux/arm64].k | MANIFEST_DESCRIPTOR | linux/arm64 | k",
                "annotation-index-descriptor.k | INDEX_DESCRIPTOR | | k",
            })
    void anAttributeOfAnExporter(String name, Place place, String platform, String key) {
        assertThat(Annotations.ofAttribute(name, "v"))
                .contains(new Annotation(place, platform == null ? null : Platform.parse(platform), key, "v"));
    }

    @Test
    void otherAttributesAreNone() {
        for (String name : List.of("name", "annotation", "annotations.k", "annotation.", "annotation.a b")) {
            assertThat(Annotations.ofAttribute(name, "v")).as(name).isEmpty();
        }
        assertThatThrownBy(() -> Annotations.ofAttribute("annotation-layer.k", "v"))
                .hasMessageContaining("unrecognized annotation type layer");
    }

    @Test
    void thoseForThePlatformWin() {
        Annotations annotations = Annotations.ofFlags(List.of(
                        "manifest[linux/amd64]:k=mine", "k=every", "manifest[linux/arm64]:k=other", "a=1", "a=2"))
                .and(List.of(new Annotation(Place.MANIFEST_DESCRIPTOR, null, "d", "e")));
        assertThat(annotations.ofManifest(AMD64)).isEqualTo(Map.of("k", "mine", "a", "2"));
        assertThat(annotations.ofManifest(ARM64)).isEqualTo(Map.of("k", "other", "a", "2"));
        assertThat(annotations.at(Place.MANIFEST_DESCRIPTOR, AMD64)).isEqualTo(Map.of("d", "e"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "index:k=v | index annotations not supported for single platform export",
                "index-descriptor:k=v | index annotations not supported for single platform export",
                "manifest[linux/arm64]:k=v | invalid annotation: no platform linux/arm64 found in source",
            })
    void whatAnImageOfOnePlatformCannotCarry(String flag, String message) {
        assertThatThrownBy(() -> Annotations.ofFlags(List.of(flag)).checkSingle(AMD64))
                .isInstanceOfSatisfying(
                        UserFault.class, fault -> assertThat(fault.text()).isEqualTo(message));
        Annotations.ofFlags(List.of("k=v", "manifest[linux/amd64]:k=v")).checkSingle(AMD64);
    }
}
