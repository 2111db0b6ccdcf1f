package dev.drydock.engine;

import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Resolver;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.StoredImage;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds base images in the store, else at their registries. What it finds in the store is claimed, so that it stays while
 * the build lasts.
 */
final class StoreResolver implements Resolver {
    private final ImageStore images;
    private final Claims claims;
    private final RemoteBases remote;
    private final BuildRequest.Pull pull;
    private final SourceTimes times;
    private final BuildLog log;

    StoreResolver(
            ImageStore images,
            Claims claims,
            RemoteBases remote,
            BuildRequest.Pull pull,
            SourceTimes times,
            BuildLog log) {
        this.images = images;
        this.claims = claims;
        this.remote = remote;
        this.pull = pull;
        this.times = times;
        this.log = log;
    }

    @Override
    public List<ResolvedImage> resolve(List<ImageRequest> requests) throws InterruptedException {
        List<ResolvedImage> resolved = new ArrayList<>();
        for (ImageRequest request : requests) {
            ImageRef name = request.reference().withDefaultTag();
            resolved.add(log.internal(
                    "[internal] load metadata for " + name,
                    _ -> resolve(request.reference(), name, request.platform())));
        }
        return resolved;
    }

    @Override
    public Optional<Instant> changed(Dated source) throws InterruptedException {
        return log.internal("[internal] resolve SOURCE_DATE_EPOCH", _ -> times.of(source));
    }

    /** The name by which this build calls an image of a directory. */
    ImageRef layout(String context, NamedSource.Layout layout) {
        return remote.layout(context, layout);
    }

    private ResolvedImage resolve(ImageRef reference, ImageRef name, Platform platform) throws InterruptedException {
        Optional<ClaimedImage> here = pull == BuildRequest.Pull.ALWAYS ? Optional.empty() : images.find(claims, name);
        if (here.isPresent()) {
            return stored(reference, name, here.get(), platform);
        }
        try {
            return remote.resolve(reference, name, platform).orElseThrow(() -> missing(name));
        } catch (RemoteFault fault) {
            throw fault.text().startsWith("failed to do request") ? unreachable(name, fault) : fault;
        }
    }

    private static ResolvedImage stored(ImageRef reference, ImageRef name, ClaimedImage found, Platform platform) {
        StoredImage image = found.image();
        Platform has = image.config().platform();
        if (!has.os().equals(platform.os()) || !has.architecture().equals(platform.architecture())) {
            throw new UserFault(name + ": no match for platform in manifest: not found")
                    .hint("The store's " + name.familiar() + " is for " + has + "; the build wants " + platform + ".");
        }
        return new ResolvedImage(reference, image.manifest().digest(), image.config());
    }

    private RemoteFault missing(ImageRef name) {
        List<String> known = images.list().stream()
                .flatMap(image -> image.names().stream())
                .map(ImageRef::familiar)
                .sorted()
                .toList();
        RemoteFault fault = new RemoteFault(name + ": not found");
        Suggestion.nearest(name.familiar(), known).ifPresent(near -> fault.hint("Did you mean " + near + "?"));
        String repository = name.familiarRepository() + ":";
        known.stream()
                .filter(other -> other.startsWith(repository))
                .findFirst()
                .ifPresent(other -> fault.hint("The store has " + other + "."));
        return fault.hint("Make it here with \"drydock import rootfs.tar " + name.familiar()
                + "\", or list what is there with \"drydock images\".");
    }

    /** The store lacks it and the registry cannot be asked: what else there is to do. */
    private static RemoteFault unreachable(ImageRef name, RemoteFault fault) {
        return fault.hint("The store has no " + name.familiar()
                + " either: pull it where there is a network and bring it with \"drydock save\" and \"drydock load\", or"
                + " make it here with \"drydock import rootfs.tar " + name.familiar() + "\".");
    }
}
