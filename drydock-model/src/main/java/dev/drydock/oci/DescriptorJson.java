package dev.drydock.oci;

import dev.drydock.oci.JsonValue.Members;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Descriptor} from and to the object that stands for it in manifests and indexes. */
public final class DescriptorJson {
    private DescriptorJson() {}

    static Descriptor read(JsonFields fields) {
        long size = fields.number("size");
        if (size < 0) {
            throw fields.corrupt("size", "is negative: " + size);
        }
        JsonFields platform = fields.objectOrNull("platform");
        return new Descriptor(
                fields.text("mediaType"),
                fields.digest("digest"),
                size,
                platform == null ? null : ImageConfigJson.platform(platform),
                fields.stringMap("annotations"),
                fields.strings("urls"));
    }

    static @Nullable Descriptor readIfAny(@Nullable JsonFields fields) {
        return fields == null ? null : read(fields);
    }

    static List<Descriptor> readAll(List<JsonFields> items) {
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonFields item : items) {
            descriptors.add(read(item));
        }
        return descriptors;
    }

    /** The object, its members in the order of the OCI specification's Go type. */
    public static JsonValue write(Descriptor descriptor) {
        Members members = JsonValue.object()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size())
                .putUnlessEmpty("urls", descriptor.urls())
                .putUnlessEmpty("annotations", descriptor.annotations());
        Platform platform = descriptor.platform();
        if (platform != null) {
            members.put(
                    "platform",
                    JsonValue.object()
                            .put("architecture", platform.architecture())
                            .put("os", platform.os())
                            .putUnlessEmpty("os.version", platform.osVersion())
                            .putUnlessEmpty("variant", platform.variant())
                            .build());
        }
        return members.build();
    }

    static JsonValue writeAll(List<Descriptor> descriptors) {
        return JsonValue.array(descriptors.stream().map(DescriptorJson::write).toList());
    }
}
