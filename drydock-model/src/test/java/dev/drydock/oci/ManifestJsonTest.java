package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestJsonTest {
    private static final Digest A = Digest.of(new byte[] {'a'});
    private static final Digest B = Digest.of(new byte[] {'b'});
    private static final Descriptor CONFIG = new Descriptor(MediaTypes.OCI_CONFIG, A, 10);
    private static final Descriptor LAYER = new Descriptor(MediaTypes.OCI_LAYER_TAR, B, 1024);

    @Test
    void aManifestIsIndentedByTwo() {
        Manifest manifest = new Manifest(CONFIG, List.of(LAYER));
        byte[] document = ManifestJson.write(manifest);
        assertThat(new String(document, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n"
                                + "  \"config\": {\n    \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n"
                                + "    \"digest\": \"" + A + "\",\n    \"size\": 10\n  },\n  \"layers\": [\n    {\n"
                                + "      \"mediaType\": \"application/vnd.oci.image.layer.v1.tar\",\n      \"digest\": \""
                                + B
                                + "\",\n      \"size\": 1024\n    }\n  ]\n}");
        assertThat(ManifestJson.read(document)).isEqualTo(manifest);
    }

    @Test
    void everyMemberSurvives() {
        Manifest manifest = new Manifest(null, "x/y", CONFIG, List.of(), LAYER, Map.of("b", "2", "a", "1"));
        assertThat(ManifestJson.read(ManifestJson.write(manifest))).isEqualTo(manifest);
        Descriptor arm = new Descriptor(
                MediaTypes.OCI_MANIFEST, A, 5, new Platform("linux", "arm64", "v8", "1.2"), Map.of("k", "v"));
        Index index = new Index(MediaTypes.OCI_INDEX, null, List.of(arm, CONFIG), LAYER, Map.of("n", ""));
        assertThat(IndexJson.read(IndexJson.write(index))).isEqualTo(index);
    }

    @Test
    void theTwoKindsAreToldApart() {
        byte[] manifest = ManifestJson.write(new Manifest(CONFIG, List.of()));
        byte[] index = IndexJson.write(new Index(List.of(CONFIG)));
        assertThatThrownBy(() -> ManifestJson.read(index))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image manifest: config is missing: this is an index");
        assertThatThrownBy(() -> IndexJson.read(manifest))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image index: manifests is missing: this is a manifest");
    }

    @Test
    void badDescriptorsAreNamed() {
        String text = "{\"config\":{\"digest\":\"" + A + "\",\"size\":-1}}";
        assertThatThrownBy(() -> ManifestJson.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image manifest: config.size is negative: -1");
        String noDigest = "{\"manifests\":[{\"size\":1}]}";
        assertThatThrownBy(() -> IndexJson.read(noDigest.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CorruptData.class)
                .hasMessageStartingWith("read image index: manifests[0].digest is no digest");
    }
}
