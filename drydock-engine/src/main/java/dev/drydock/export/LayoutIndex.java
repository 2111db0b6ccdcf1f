package dev.drydock.export;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.DescriptorJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What an OCI layout's {@code index.json} says of an image: one entry for each of its names. */
final class LayoutIndex {
    /** The file that makes a directory a layout. */
    static final JsonValue MARKER =
            JsonValue.object().put("imageLayoutVersion", "1.0.0").build();

    /** The whole name, as containerd and BuildKit write it. */
    static final String NAME = "io.containerd.image.name";

    /** By the specification a name; here the tag, as containerd and BuildKit write it. */
    static final String TAG = "org.opencontainers.image.ref.name";

    private LayoutIndex() {}

    /** The entries of an image; one without a name if it has none. */
    static List<Descriptor> entries(Descriptor manifest, List<ImageRef> names) {
        if (names.isEmpty()) {
            return List.of(manifest);
        }
        List<Descriptor> entries = new ArrayList<>();
        for (ImageRef name : names) {
            Map<String, String> annotations = new TreeMap<>(manifest.annotations());
            annotations.put(NAME, name.toString());
            name.tagIfAny().ifPresent(tag -> annotations.put(TAG, tag));
            entries.add(with(manifest, annotations));
        }
        return entries;
    }

    /** The entry that BuildKit makes in a directory for an image without a name. */
    static Descriptor latest(Descriptor manifest) {
        Map<String, String> annotations = new TreeMap<>(manifest.annotations());
        annotations.put(TAG, "latest");
        return with(manifest, annotations);
    }

    private static Descriptor with(Descriptor manifest, Map<String, String> annotations) {
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations);
    }

    /** Whether an entry gives way to another: both have the same name. */
    static boolean givesWay(Descriptor before, Descriptor now) {
        return Objects.equals(before.annotations().get(NAME), now.annotations().get(NAME))
                && Objects.equals(
                        before.annotations().get(TAG), now.annotations().get(TAG));
    }

    static JsonValue document(List<JsonValue> manifests) {
        return JsonValue.object()
                .put("schemaVersion", 2)
                .put("mediaType", MediaTypes.OCI_INDEX)
                .put("manifests", JsonValue.array(manifests))
                .build();
    }

    static JsonValue document(Iterable<Descriptor> manifests) {
        List<JsonValue> values = new ArrayList<>();
        manifests.forEach(each -> values.add(DescriptorJson.write(each)));
        return document(values);
    }
}
