package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;

/** The media type of a manifest or an index. */
final class DocumentType {
    /** More than any manifest or index needs, in bytes. */
    static final int LONGEST_DOCUMENT = 8 << 20;

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

    /**
     * The same descriptor.
     *
     * @throws RemoteFault if it is of something that is not supported
     */
    static Descriptor checked(ImageRef name, Descriptor descriptor) {
        String type = descriptor.mediaType();
        if (type.startsWith("application/vnd.docker.distribution.manifest.v1")) {
            throw new RemoteFault(name + ": the registry has it as a manifest of schema 1, which names no configuration"
                            + " and whose layers cannot be checked; Docker dropped it too")
                    .hint("Push it again with a tool of this decade, or convert it: skopeo copy --format v2s2 "
                            + "docker://" + name + " docker://" + name);
        }
        if (descriptor.size() > LONGEST_DOCUMENT) {
            throw new RemoteFault(name + ": its manifest would be " + descriptor.size() + " bytes long");
        }
        return descriptor;
    }
}
