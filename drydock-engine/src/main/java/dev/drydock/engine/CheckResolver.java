package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.Resolver;
import dev.drydock.images.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at base images where that is possible: in a store that is there already. What it cannot look at is answered as
 * unseen, so that the checks go on without it.
 */
final class CheckResolver implements Resolver, AutoCloseable {
    private final Path root;
    private final Map<String, String> unseen = new LinkedHashMap<>();
    private @Nullable Store store;
    private @Nullable Work work;

    CheckResolver(Path root) {
        this.root = root;
    }

    /** Names of the images that were not looked at, each with the reason. */
    Map<String, String> unseen() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(unseen));
    }

    @Override
    public List<ResolvedImage> resolve(List<ImageRequest> requests) throws InterruptedException {
        Resolver images = images();
        List<ResolvedImage> resolved = new ArrayList<>();
        for (ImageRequest request : requests) {
            resolved.add(images == null ? unseen(request, "there is no store at " + root) : look(images, request));
        }
        return resolved;
    }

    private ResolvedImage look(Resolver images, ImageRequest request) throws InterruptedException {
        try {
            return images.resolve(List.of(request)).getFirst();
        } catch (RemoteFault | EnvironmentFault fault) {
            return unseen(request, fault.text());
        }
    }

    private ResolvedImage unseen(ImageRequest request, String reason) {
        unseen.put(request.reference().familiar(), reason);
        return ResolvedImage.unseen(request.reference());
    }

    private @Nullable Resolver images() {
        if (!Files.isDirectory(root)) {
            return null;
        }
        try {
            if (store == null) {
                store = Store.open(root, InstantSource.system());
                work = store.begin();
            }
        } catch (DrydockException notOurs) {
            return null; // another user's, or a newer version's: as if it were not there
        }
        return work == null
                ? null
                : new StoreResolver(store.images(), work.claims(), new BuildLog(_ -> {}, InstantSource.system()));
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
