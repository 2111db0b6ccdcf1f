package dev.drydock.engine;

import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.Resolver.ResolvedImage;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.Work;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.registry.Lookup;
import dev.drydock.registry.Origin;
import dev.drydock.registry.Registries;
import dev.drydock.registry.Repository;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.StepContext;
import dev.drydock.source.LayerIntake;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Base images that the store does not have under their names. Looking at one costs a request when it was used before, its
 * documents otherwise; its layers are pulled only when a step wants its files. What was pulled stays for later builds, but
 * is in no list of images.
 */
final class RemoteBases {
    private final Store store;
    private final Work work;
    private final Supplier<Registries> registries;
    private final InstantSource clock;
    private final Map<Digest, RemoteImage> looked = new ConcurrentHashMap<>();
    private final Map<Digest, Digest> sources = new ConcurrentHashMap<>();
    private final NamedLayouts layouts = new NamedLayouts();

    RemoteBases(Store store, Work work, Supplier<Registries> registries, InstantSource clock) {
        this.store = store;
        this.work = work;
        this.registries = registries;
        this.clock = clock;
    }

    /** The image that a name stands for at its registry; empty if it has none. */
    Optional<ResolvedImage> resolve(ImageRef reference, ImageRef name, Platform platform) throws InterruptedException {
        Optional<NamedLayouts.InLayout> here = layouts.find(name);
        if (here.isPresent()) {
            return Optional.of(
                    resolve(reference, name, here.get().layout(), here.get().source(), platform));
        }
        Repository repository = registries.get().repository(name);
        return switch (repository.find()) {
            case Lookup.Missing _ -> Optional.empty();
            case Lookup.Refused(String reason) ->
                throw new RemoteFault(
                                "pull access denied, repository does not exist or may require authorization: " + reason)
                        .hint("Check the spelling; if the repository is private, log in with \"drydock login"
                                + (name.domain().equals(Registries.HUB) ? "" : " " + name.domain()) + "\".");
            case Lookup.Found(Descriptor source) -> Optional.of(resolve(reference, name, repository, source, platform));
        };
    }

    private ResolvedImage resolve(
            ImageRef reference, ImageRef name, Origin origin, Descriptor source, Platform platform)
            throws InterruptedException {
        ImageStore images = store.images();
        Optional<ClaimedImage> pulled = images.choice(source.digest(), platform)
                .flatMap(manifest -> images.findByManifest(work.claims(), manifest));
        if (pulled.isPresent()) {
            sources.put(pulled.get().image().manifest().digest(), source.digest());
            images.used(pulled.get().image().manifest().digest(), null);
            return new ResolvedImage(
                    reference,
                    pulled.get().image().manifest().digest(),
                    pulled.get().image().config());
        }
        RemoteImage image = RemoteImage.open(name, origin, source, platform);
        Digest manifest = image.manifestDescriptor().digest();
        looked.put(manifest, image);
        sources.put(manifest, source.digest());
        return new ResolvedImage(reference, manifest, image.config());
    }

    /** What an image's registry or layout calls it that this build looked at by its manifest: an index, or the manifest. */
    Digest source(Digest manifest) {
        return sources.getOrDefault(manifest, manifest);
    }

    /** The name by which this build calls an image of a directory. */
    ImageRef layout(String context, NamedSource.Layout wanted) {
        return layouts.add(context, wanted);
    }

    /** An image that was looked at, and that the store does not have. */
    Optional<RemoteImage> notHere(Digest manifest) {
        return Optional.ofNullable(looked.get(manifest));
    }

    /** Pulls the layers of an image that was looked at; empty if this build did not look at it. */
    Optional<Snapshot> pull(Digest manifest, StepContext step) throws InterruptedException {
        RemoteImage image = looked.get(manifest);
        if (image == null) {
            return Optional.empty();
        }
        Instant started = clock.instant();
        step.status("resolve " + image.pinned(), 0, 0, started, clock.instant());
        new ImagePull(store, work, clock)
                .pull(image, List.of(), ImageStore.Listing.UNLISTED, new StepProgress(step, clock));
        store.images().used(manifest, image.pinned());
        return store.images().findByManifest(work.claims(), manifest).map(found -> new Snapshot(found.layers()));
    }

    /** Shows a pull as BuildKit does: a line for each layer's bytes, and one for unpacking it. */
    private static final class StepProgress implements ImagePull.Watch {
        private final StepContext step;
        private final InstantSource clock;
        private final Map<Digest, Instant> started = new ConcurrentHashMap<>();

        StepProgress(StepContext step, InstantSource clock) {
            this.step = step;
            this.clock = clock;
        }

        @Override
        public void present(Descriptor blob) {
            // nothing happens to it
        }

        @Override
        public void wanted(Descriptor blob) {
            // its first bytes begin its line
        }

        @Override
        public void at(Descriptor blob, LayerIntake.Stage stage, long bytes) {
            Instant now = clock.instant();
            String id = blob.digest().toString();
            switch (stage) {
                case FETCHING -> step.status(id, bytes, blob.size(), began(blob, now), null);
                case FETCHED -> {
                    step.status(id, blob.size(), blob.size(), began(blob, now), now);
                    started.put(blob.digest(), now);
                    step.status("extracting " + id, 0, 0, now, null);
                }
                case UNPACKED -> step.status("extracting " + id, 0, 0, began(blob, now), now);
            }
        }

        private Instant began(Descriptor blob, Instant now) {
            Instant before = started.putIfAbsent(blob.digest(), now);
            return before == null ? now : before;
        }
    }
}
