package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.CorruptData;

/** No bytes make a reader fail with anything but {@link CorruptData}, and what was read can be written and read again. */
class OciDocumentFuzz {
    @FuzzTest
    void imageConfig(byte[] document) {
        try {
            ImageConfig config = ImageConfigJson.read(document);
            assertThat(ImageConfigJson.write(ImageConfigJson.read(ImageConfigJson.write(config))))
                    .isEqualTo(ImageConfigJson.write(config));
        } catch (CorruptData expected) {
            assertThat(expected.text()).startsWith("read image config: ");
        }
    }

    @FuzzTest
    void manifest(byte[] document) {
        try {
            Manifest manifest = ManifestJson.read(document);
            assertThat(ManifestJson.read(ManifestJson.write(manifest))).isEqualTo(manifest);
        } catch (CorruptData expected) {
            assertThat(expected.text()).startsWith("read image manifest: ");
        }
    }

    @FuzzTest
    void index(byte[] document) {
        try {
            Index index = IndexJson.read(document);
            assertThat(IndexJson.read(IndexJson.write(index))).isEqualTo(index);
        } catch (CorruptData expected) {
            assertThat(expected.text()).startsWith("read image index: ");
        }
    }

    @FuzzTest
    void json(byte[] document) {
        try {
            JsonValue value = JsonValue.parse(document);
            assertThat(JsonValue.parse(value.bytes()).compact()).isEqualTo(value.compact());
        } catch (CorruptData expected) {
            assertThat(expected.text()).startsWith("parse JSON: ");
        }
    }
}
