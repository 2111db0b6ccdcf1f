package dev.drydock.oci;

import dev.drydock.oci.JsonValue.Members;
import java.nio.charset.StandardCharsets;

/** {@link Index} from and to its document, which BuildKit indents by two blanks. */
public final class IndexJson {
    private IndexJson() {}

    /**
     * Reads an OCI index or a Docker manifest list; members that {@link Index} lacks are passed over.
     *
     * @throws dev.drydock.fault.CorruptData if it is not JSON, is no index, or a member has the wrong type
     */
    public static Index read(byte[] document) {
        JsonFields root = JsonFields.read(document, "image index");
        if (!root.has("manifests") && root.has("config")) {
            throw root.corrupt("manifests", "is missing: this is a manifest");
        }
        return new Index(
                root.filledOrNull("mediaType"),
                root.filledOrNull("artifactType"),
                DescriptorJson.readAll(root.objects("manifests")),
                DescriptorJson.readIfAny(root.objectOrNull("subject")),
                root.stringMap("annotations"));
    }

    /** The canonical bytes. */
    public static byte[] write(Index index) {
        Members root = JsonValue.object()
                .put("schemaVersion", 2)
                .putUnlessEmpty("mediaType", index.mediaType())
                .putUnlessEmpty("artifactType", index.artifactType())
                .put("manifests", DescriptorJson.writeAll(index.manifests()));
        Descriptor subject = index.subject();
        if (subject != null) {
            root.put("subject", DescriptorJson.write(subject));
        }
        return root.putUnlessEmpty("annotations", index.annotations())
                .build()
                .indented(2)
                .getBytes(StandardCharsets.UTF_8);
    }
}
