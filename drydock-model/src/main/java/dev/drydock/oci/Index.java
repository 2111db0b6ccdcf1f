package dev.drydock.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One image for several platforms, or a layout's list of images.
 *
 * @param mediaType null when the document does not say
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">OCI image index</a>
 */
public record Index(
        @Nullable String mediaType,
        @Nullable String artifactType,
        List<Descriptor> manifests,
        @Nullable Descriptor subject,
        Map<String, String> annotations) {
    public Index {
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** An OCI index with nothing but manifests. */
    public Index(List<Descriptor> manifests) {
        this(MediaTypes.OCI_INDEX, null, manifests, null, Map.of());
    }
}
