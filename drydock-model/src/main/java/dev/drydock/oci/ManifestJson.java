package dev.drydock.oci;

import dev.drydock.oci.JsonValue.Members;
import java.nio.charset.StandardCharsets;

/** {@link Manifest} from and to its document, which BuildKit indents by two blanks. */
public final class ManifestJson {
    private ManifestJson() {}

    /**
     * Reads an OCI or Docker (version 2) manifest; members that {@link Manifest} lacks are passed over.
     *
     * @throws dev.drydock.fault.CorruptData if it is not JSON, is no manifest, or a member has the wrong type
     */
    public static Manifest read(byte[] document) {
        JsonFields root = JsonFields.read(document, "image manifest");
        if (!root.has("config")) {
            throw root.corrupt("config", root.has("manifests") ? "is missing: this is an index" : "is missing");
        }
        return new Manifest(
                root.filledOrNull("mediaType"),
                root.filledOrNull("artifactType"),
                DescriptorJson.read(root.object("config")),
                DescriptorJson.readAll(root.objects("layers")),
                DescriptorJson.readIfAny(root.objectOrNull("subject")),
                root.stringMap("annotations"));
    }

    /** The canonical bytes. */
    public static byte[] write(Manifest manifest) {
        Members root = JsonValue.object()
                .put("schemaVersion", 2)
                .putUnlessEmpty("mediaType", manifest.mediaType())
                .putUnlessEmpty("artifactType", manifest.artifactType())
                .put("config", DescriptorJson.write(manifest.config()))
                .put("layers", DescriptorJson.writeAll(manifest.layers()));
        Descriptor subject = manifest.subject();
        if (subject != null) {
            root.put("subject", DescriptorJson.write(subject));
        }
        return root.putUnlessEmpty("annotations", manifest.annotations())
                .build()
                .indented(2)
                .getBytes(StandardCharsets.UTF_8);
    }
}
