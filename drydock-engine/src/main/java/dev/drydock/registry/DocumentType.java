package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;

/** The media type of a manifest or an index. */
final class DocumentType {
    private DocumentType() {}

    static String withoutParameters(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    }

    /** What a document is: what the registry says, or what it says of itself where that is nothing of use. */
    static String of(Answer answer, byte[] bytes) {
        String header = answer.header("Content-Type");
        String said = header == null ? "" : withoutParameters(header);
        if (said.contains("manifest") || said.contains("index")) {
            return said;
        }
        try {
            if (JsonValue.parse(bytes) instanceof JsonValue.Obj root) {
                if (root.get("mediaType") instanceof JsonValue.Text(String own)) {
                    return own;
                }
                if (root.get("fsLayers") != null) {
                    return "application/vnd.docker.distribution.manifest.v1+json";
                }
                return root.get("manifests") != null ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
            }
        } catch (CorruptData e) {
            return said; // whoever reads it says what is wrong
        }
        return said;
    }
}
