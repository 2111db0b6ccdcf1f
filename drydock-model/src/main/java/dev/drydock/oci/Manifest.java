package dev.drydock.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One image for one platform: its config and its layers, the lowest first.
 *
 * @param mediaType null when the document does not say; older tools leave it out
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/manifest.md">OCI image manifest</a>
 */
public record Manifest(
        @Nullable String mediaType,
        @Nullable String artifactType,
        Descriptor config,
        List<Descriptor> layers,
        @Nullable Descriptor subject,
        Map<String, String> annotations) {
    public Manifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** An OCI image manifest with nothing but config and layers. */
    public Manifest(Descriptor config, List<Descriptor> layers) {
        this(MediaTypes.OCI_MANIFEST, null, config, layers, null, Map.of());
    }
}
