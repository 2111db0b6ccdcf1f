package dev.drydock.export;

import dev.drydock.layer.Compressor.Kind;
import dev.drydock.oci.MediaTypes;
import java.util.Optional;

/** Whose media types an image has. */
public enum MediaFamily {
    OCI,
    DOCKER;

    String manifest() {
        return this == OCI ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST;
    }

    String config() {
        return this == OCI ? MediaTypes.OCI_CONFIG : MediaTypes.DOCKER_CONFIG;
    }

    String layer(Kind kind) {
        return switch (kind) {
            case NONE -> this == OCI ? MediaTypes.OCI_LAYER_TAR : MediaTypes.DOCKER_LAYER_TAR;
            case GZIP -> this == OCI ? MediaTypes.OCI_LAYER_GZIP : MediaTypes.DOCKER_LAYER_GZIP;
            case ZSTD -> this == OCI ? MediaTypes.OCI_LAYER_ZSTD : MediaTypes.DOCKER_LAYER_ZSTD;
        };
    }

    /** How layers of a type are compressed; empty for a type that is not known. */
    static Optional<Kind> compression(String mediaType) {
        return switch (mediaType) {
            case MediaTypes.OCI_LAYER_TAR, MediaTypes.DOCKER_LAYER_TAR -> Optional.of(Kind.NONE);
            case MediaTypes.OCI_LAYER_GZIP, MediaTypes.DOCKER_LAYER_GZIP -> Optional.of(Kind.GZIP);
            case MediaTypes.OCI_LAYER_ZSTD, MediaTypes.DOCKER_LAYER_ZSTD -> Optional.of(Kind.ZSTD);
            default -> Optional.empty();
        };
    }
}
