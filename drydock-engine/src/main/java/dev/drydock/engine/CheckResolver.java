package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.Resolver;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.registry.Lookup;
import dev.drydock.registry.Origin;
import dev.drydock.registry.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at base images without fetching them: in a store that is there already, or at their registries if that is asked
 * for. Checks wait for no network on their own: what is not at hand is answered as unseen, and they go on without it.
 */
final class CheckResolver implements Resolver, AutoCloseable {
    private final Path root;
    private final BuildRequest.Pull pull;
    private final Map<String, String> unseen = new LinkedHashMap<>();
    private final NamedLayouts layouts = new NamedLayouts();
    private @Nullable Store store;
    private @Nullable Work work;

    CheckResolver(Path root, BuildRequest.Pull pull) {
        this.root = root;
        this.pull = pull;
    }

    /** Names of the images that were not looked at, each with the reason. */
    Map<String, String> unseen() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(unseen));
    }

    @Override
    public List<ResolvedImage> resolve(List<ImageRequest> requests) throws InterruptedException {
        List<ResolvedImage> resolved = new ArrayList<>();
        for (ImageRequest request : requests) {
            Optional<NamedLayouts.InLayout> layout =
                    layouts.find(request.reference().withDefaultTag());
            resolved.add(
                    layout.isPresent()
                            ? looked(
                                    request, layout.get().layout(), layout.get().source())
                            : pull == BuildRequest.Pull.ALWAYS ? remote(request) : local(request));
        }
        return resolved;
    }

    /** The name by which the check calls an image of a directory. */
    ImageRef layout(String context, NamedSource.Layout wanted) {
        return layouts.add(context, wanted);
    }

    private ResolvedImage local(ImageRequest request) {
        Work open = work();
        if (open == null || store == null) {
            return unseen(request, "there is no store at " + root);
        }
        Optional<ResolvedImage> found = store.images()
                .find(open.claims(), request.reference().withDefaultTag())
                .map(claimed -> {
                    StoredImage image = claimed.image();
                    return new ResolvedImage(
                            request.reference(), image.manifest().digest(), image.config());
                });
        return found.orElseGet(() -> unseen(request, "the store at " + root + " does not have it"));
    }

    private ResolvedImage unseen(ImageRequest request, String reason) {
        unseen.put(request.reference().familiar(), reason);
        return ResolvedImage.unseen(request.reference());
    }

    private static ResolvedImage remote(ImageRequest request) throws InterruptedException {
        ImageRef name = request.reference().withDefaultTag();
        try (RegistryClient registries = new RegistryClient(RegistryAccess.ofProcess())) {
            Repository repository = registries.open().repository(name);
            return switch (repository.find()) {
                case Lookup.Found found -> looked(request, repository, found.descriptor());
                case Lookup.Missing _ -> throw new RemoteFault(name + ": not found");
                case Lookup.Refused(String reason) ->
                    throw new RemoteFault(
                            "pull access denied, repository does not exist or may require authorization: " + reason);
            };
        }
    }

    private static ResolvedImage looked(ImageRequest request, Origin origin, Descriptor source)
            throws InterruptedException {
        RemoteImage image = RemoteImage.open(request.reference().withDefaultTag(), origin, source, request.platform());
        return new ResolvedImage(request.reference(), image.manifestDescriptor().digest(), image.config());
    }

    private @Nullable Work work() {
        if (work == null && Files.isDirectory(root)) {
            try {
                store = Store.open(root, InstantSource.system());
                work = store.begin();
            } catch (DrydockException notOurs) {
                return null; // another user's, or a newer version's: as if it were not there
            }
        }
        return work;
    }

    @Override
    public void close() {
        if (work != null) {
            work.close();
        }
        if (store != null) {
            store.close();
        }
    }
}
