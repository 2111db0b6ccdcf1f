package dev.drydock.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A promise about bytes held elsewhere: whoever opens it gets exactly {@code size} bytes with this digest, or a fault.
 *
 * @param urls addresses from which the bytes may be had where the registry does not have them
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md">OCI content descriptors</a>
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform,
        Map<String, String> annotations,
        List<String> urls) {
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size);
        }
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        urls = List.copyOf(urls);
    }

    public Descriptor(
            String mediaType, Digest digest, long size, @Nullable Platform platform, Map<String, String> annotations) {
        this(mediaType, digest, size, platform, annotations, List.of());
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, null, Map.of());
    }
}
