package dev.drydock.frontend;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the frontend may ask of the world: which image a name means today. */
public interface Resolver {
    /**
     * Pins images, all at once, in the order asked. Blocks.
     *
     * @throws dev.drydock.fault.DrydockException if one is not found or cannot be read; the message does not name the
     *     Dockerfile, the frontend adds the place
     */
    List<ResolvedImage> resolve(List<ImageRequest> requests) throws InterruptedException;

    /**
     * When a source last changed, in whole seconds; empty if it does not say, or if this resolver asks none. Blocks.
     *
     * @throws dev.drydock.fault.DrydockException if it cannot be asked
     */
    default Optional<Instant> changed(Dated source) throws InterruptedException {
        return Optional.empty();
    }

    /** Something that may know when it last changed. */
    sealed interface Dated {
        /** The build's own context. */
        record MainContext() implements Dated {}

        /** The commit that it leads to. */
        record Repository(GitSource source) implements Dated {}

        /** What a web server has, which is known to have this digest or null. */
        record Web(String url, @Nullable Digest checksum) implements Dated {}
    }

    record ImageRequest(ImageRef reference, Platform platform) {}

    /** @param manifest the digest of the manifest for that platform */
    record ResolvedImage(ImageRef reference, Digest manifest, ImageConfig config) {
        private static final ImageConfig UNSEEN = ImageConfigJson.read("{}".getBytes(StandardCharsets.UTF_8));

        /** An image that could not be looked at. Checks and outlines go on with it, builds cannot. */
        public static ResolvedImage unseen(ImageRef reference) {
            return new ResolvedImage(
                    reference, Digest.of(reference.toString().getBytes(StandardCharsets.UTF_8)), UNSEEN);
        }

        boolean isUnseen() {
            return config.equals(UNSEEN);
        }
    }
}
