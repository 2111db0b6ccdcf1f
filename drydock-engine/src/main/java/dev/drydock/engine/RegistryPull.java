package dev.drydock.engine;

import dev.drydock.fault.RemoteFault;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.Work;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.registry.Lookup;
import dev.drydock.registry.Registries;
import dev.drydock.registry.Repository;
import dev.drydock.source.LayerIntake;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code pull}: from a name to an image of the store. */
final class RegistryPull {
    private final Store store;
    private final Registries registries;
    private final InstantSource clock;

    RegistryPull(Store store, Registries registries, InstantSource clock) {
        this.store = store;
        this.registries = registries;
        this.clock = clock;
    }

    PullResult run(ImageRef wanted, Platform platform, TransferEvents events) throws InterruptedException {
        ImageRef tagged = wanted.withDefaultTag();
        // Docker passes over the tag when there is a digest.
        ImageRef name =
                tagged.digest() == null ? tagged : new ImageRef(tagged.domain(), tagged.path(), null, tagged.digest());
        Repository repository = registries.repository(name);
        Descriptor source = find(name, repository);
        ImageRef pinned = new ImageRef(name.domain(), name.path(), null, source.digest());
        try (Work work = store.begin()) {
            events.accept(new TransferEvent.Begun(name));
            boolean whole = store.images().isWhole(name) && store.images().isWhole(pinned);
            Optional<ClaimedImage> here = whole ? store.images().find(work.claims(), name) : Optional.empty();
            Optional<ClaimedImage> same = whole ? store.images().find(work.claims(), pinned) : Optional.empty();
            if (here.isPresent()
                    && same.isPresent()
                    && here.get().image().id().equals(same.get().image().id())
                    && isFor(here.get(), source, platform)) {
                return new PullResult(name, source.digest(), PullResult.Status.UP_TO_DATE);
            }
            RemoteImage image = RemoteImage.open(name, repository, source, platform);
            List<ImageRef> names = new ArrayList<>();
            if (name.tag() != null) {
                names.add(name);
            }
            names.add(pinned);
            new ImagePull(store, work, clock).pull(image, names, ImageStore.Listing.LISTED, watch(events));
            return new PullResult(name, source.digest(), PullResult.Status.DOWNLOADED);
        }
    }

    private boolean isFor(ClaimedImage image, Descriptor source, Platform platform) {
        Digest manifest = image.image().manifest().digest();
        return manifest.equals(source.digest())
                || store.images()
                        .choice(source.digest(), platform)
                        .filter(manifest::equals)
                        .isPresent();
    }

    private static Descriptor find(ImageRef name, Repository repository) throws InterruptedException {
        try {
            return switch (repository.find()) {
                case Lookup.Found(Descriptor descriptor) -> descriptor;
                case Lookup.Missing _ ->
                    throw new RemoteFault("failed to resolve reference \"" + name + "\": " + name + ": not found")
                            .hint("Check the spelling of the name and the tag.");
                case Lookup.Refused(String reason) ->
                    throw (reason.contains("insufficient_scope")
                                    ? new RemoteFault("pull access denied for " + name.familiarRepository()
                                            + ", repository does not exist or may require 'drydock login'")
                                    : new RemoteFault("failed to resolve reference \"" + name
                                            + "\": pull access denied, repository does not exist or may require"
                                            + " authorization: " + reason))
                            .hint("Check the spelling; if the repository is private, log in with \"drydock login"
                                    + (name.domain().equals(Registries.HUB) ? "" : " " + name.domain()) + "\".");
            };
        } catch (RemoteFault fault) {
            if (!fault.text().startsWith("failed to do request")) {
                throw fault;
            }
            RemoteFault resolved =
                    new RemoteFault("failed to resolve reference \"" + name + "\": " + fault.text(), fault);
            fault.hints().forEach(resolved::hint);
            throw resolved;
        }
    }

    private static ImagePull.Watch watch(TransferEvents events) {
        return new ImagePull.Watch() {
            @Override
            public void present(Descriptor blob) {
                tell(blob, TransferEvent.Stage.PRESENT, 0);
            }

            @Override
            public void wanted(Descriptor blob) {
                tell(blob, TransferEvent.Stage.WANTED, 0);
            }

            @Override
            public void at(Descriptor blob, LayerIntake.Stage stage, long bytes) {
                tell(
                        blob,
                        switch (stage) {
                            case FETCHING -> TransferEvent.Stage.DOWNLOADING;
                            case FETCHED -> TransferEvent.Stage.DOWNLOADED;
                            case UNPACKED -> TransferEvent.Stage.EXTRACTED;
                        },
                        bytes);
            }

            private synchronized void tell(Descriptor blob, TransferEvent.Stage stage, long bytes) {
                events.accept(new TransferEvent.Part(blob.digest(), stage, bytes, blob.size()));
            }
        };
    }
}
