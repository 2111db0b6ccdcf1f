package dev.drydock.engine;

import dev.drydock.event.BuildEvents;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.images.ImageStore;
import dev.drydock.images.ListedImage;
import dev.drydock.images.Removed;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.ops.HostTrust;
import dev.drydock.runtime.HostExamination;
import dev.drydock.runtime.Privileges;
import dev.drydock.space.Limits;
import dev.drydock.space.Space;
import dev.drydock.space.StoreUse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds images and looks after a store of them. Opens quickly; what a command does not need is not loaded. Safe for
 * several threads, and for several processes on one store. The caller closes it.
 */
public final class Drydock implements AutoCloseable {
    private final InstantSource clock;
    private final Store store;
    private final RegistryClient registries;

    private Drydock(InstantSource clock, Store store, RegistryClient registries) {
        this.clock = clock;
        this.store = store;
        this.registries = registries;
    }

    /**
     * Opens the store under {@code root}, making it if it is missing.
     *
     * @throws dev.drydock.fault.EnvironmentFault if it cannot be used, or a newer version wrote it; then it is untouched
     */
    public static Drydock open(Path root) {
        return open(root, RegistryAccess.ofProcess());
    }

    /** Like {@link #open(Path)}, with another view of how registries are reached. */
    public static Drydock open(Path root, RegistryAccess access) {
        InstantSource clock = InstantSource.system();
        return new Drydock(clock, Store.open(root, clock), new RegistryClient(access));
    }

    /**
     * Builds an image. Blocks; interrupting the thread cancels the build, ends its steps and leaves nothing behind.
     *
     * @throws dev.drydock.fault.DrydockException if the build fails; a step's fault carries its place in the Dockerfile
     */
    public BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException {
        Privileges.checkOwners();
        BuildLog log = new BuildLog(events, clock);
        try (Building building = Building.begin(store, request, registries, log, clock)) {
            BuildResult result = building.run();
            BuildResult.Image image = result.image();
            log.finished(image == null ? null : image.id());
            return result;
        } catch (DrydockException | InterruptedException e) {
            log.finished(null);
            throw e;
        }
    }

    /**
     * Lists what the context of a build holds, after its ignore file; builds nothing.
     *
     * @throws dev.drydock.fault.DrydockException if the context cannot be had
     */
    public ContextListing context(BuildRequest request, BuildEvents events) throws InterruptedException {
        BuildLog log = new BuildLog(events, clock);
        try (Building building = Building.begin(store, request, registries, log, clock)) {
            return building.listContext();
        } finally {
            log.finished(null);
        }
    }

    /**
     * Looks at what this host offers for building images and what it lacks; tries the OCI runtime with a step of its own.
     *
     * @return in the order in which a person mends things
     */
    public List<HostFinding> examine() throws InterruptedException {
        List<HostFinding> findings = new ArrayList<>();
        try (Work work = store.begin()) {
            for (HostExamination.Finding finding :
                    HostExamination.of(store.root(), work.claims().tmp())) {
                findings.add(finding(finding));
            }
        }
        try {
            findings.add(new HostFinding(
                    HostFinding.State.GOOD,
                    "certificates",
                    HostTrust.find(System.getenv()).toString(),
                    null,
                    null));
        } catch (EnvironmentFault e) {
            findings.add(new HostFinding(
                    HostFinding.State.LACKING, "certificates", e.text(), "--trust host", String.join(" ", e.hints())));
        }
        findings.add(RegistryReach.look(registries));
        return List.copyOf(findings);
    }

    private static HostFinding finding(HostExamination.Finding found) {
        HostFinding.State state = found.cost() == null
                ? HostFinding.State.GOOD
                : found.blocks() ? HostFinding.State.BLOCKED : HostFinding.State.LACKING;
        return new HostFinding(state, found.subject(), found.found(), found.cost(), found.mend());
    }

    /** Every image with what {@code images} shows of it, newest first by creation time, dangling ones too. */
    public List<ImageSummary> images() {
        return store.images().list().stream().map(Drydock::summary).toList();
    }

    /** Like {@link #images}, without what the configurations say: quick for any number of images. */
    public List<ImageListing> listing() {
        List<ImageListing> images = new ArrayList<>();
        for (ListedImage image : store.images().listed()) {
            images.add(new ImageListing(
                    image.id(),
                    image.names(),
                    image.digests(),
                    image.created(),
                    image.stored(),
                    image.size(),
                    image.contentSize()));
        }
        return images;
    }

    /**
     * The image that a name, a full ID or a unique ID prefix of at least four digits means, in Docker's order of
     * precedence.
     *
     * @throws dev.drydock.fault.UserFault {@code No such image: x:latest} or {@code ambiguous reference}
     */
    public ImageSummary image(String nameOrId) {
        return summary(store.images().resolve(nameOrId));
    }

    private static ImageSummary summary(StoredImage image) {
        return new ImageSummary(
                image.id(),
                image.manifest(),
                image.names(),
                image.digests(),
                image.config(),
                image.layerSizes(),
                image.size(),
                image.stored());
    }

    /**
     * Points {@code target} at the image; a name that exists moves.
     *
     * @throws dev.drydock.fault.UserFault as {@link #image}, or if the target cannot be a tag
     */
    public void tag(String source, ImageRef target) {
        store.images().tag(source, target);
    }

    /** How {@link #remove} goes about it. */
    public enum Force {
        NO,
        YES
    }

    /**
     * Removes a name, or an image by ID, and frees what nothing else uses.
     *
     * @return what was done, in the order in which Docker prints it
     * @throws dev.drydock.fault.UserFault as {@link #image}, or {@code conflict: unable to delete…}
     */
    public List<Removal> remove(String nameOrId, Force force) {
        Removed removed =
                store.images().remove(nameOrId, force == Force.YES ? ImageStore.Force.YES : ImageStore.Force.NO);
        List<Removal> removals = new ArrayList<>();
        removed.untagged().forEach(name -> removals.add(new Removal.Untagged(name)));
        removed.deleted().forEach(id -> removals.add(new Removal.Deleted(id)));
        return List.copyOf(removals);
    }

    /** Measures what takes space in the store. Blocks; looks at every file once. */
    public DiskUsage diskUsage() throws InterruptedException {
        StoreUse use = store.space().use();
        List<DiskUsage.ImageUsage> images = new ArrayList<>();
        for (ImageSummary image : images()) {
            StoreUse.ImageUse size = use.images().get(image.id());
            if (size != null) {
                images.add(new DiskUsage.ImageUsage(image, size.size(), size.shared()));
            }
        }
        return new DiskUsage(
                images,
                use.imageBytes(),
                use.danglingBytes(),
                use.cache().stream().map(CacheEntry::of).toList(),
                use.otherBytes());
    }

    /** Removes what the request says and nothing needs: no image with a name unless it is meant, nothing of running work. */
    public PruneResult prune(PruneRequest request) throws InterruptedException {
        List<Digest> images = new ArrayList<>();
        if (request.images() != PruneRequest.Images.NONE) {
            for (ImageSummary image : images()) {
                boolean named = !image.names().isEmpty() || !image.digests().isEmpty();
                if ((!named || request.images() == PruneRequest.Images.ALL)
                        && request.whichImages().test(image)) {
                    images.add(image.id());
                }
            }
        }
        Space.Pruned pruned = store.space()
                .prune(new Space.Order(
                        images,
                        request.images() == PruneRequest.Images.ALL,
                        request.cache(),
                        request.allCache(),
                        use -> request.whichCache().test(CacheEntry.of(use)),
                        new Limits(request.reserved(), request.maxUsed(), request.minFree()),
                        request.dryRun()));
        List<PruneResult.PrunedImage> gone = new ArrayList<>();
        pruned.images().forEach((id, names) -> gone.add(new PruneResult.PrunedImage(id, names)));
        return new PruneResult(gone, pruned.cache().stream().map(CacheEntry::of).toList(), pruned.bytes());
    }

    /**
     * Looks through the store: the database, every blob and layer, and what belongs to nothing. Safe beside other work.
     *
     * @param contents whether everything is read, or only looked at
     * @param repair whether to mend what can be mended: with what the store has, or by pulling images again
     */
    public StoreReport check(boolean contents, boolean repair) throws InterruptedException {
        return new StoreRepair(store, registries, clock).run(contents, repair);
    }

    /**
     * Makes the database of the store under {@code root} again, from what else the store holds, if it cannot be used. Images and
     * names come back, the build cache does not.
     *
     * @return what was done, a line each; empty if the database can be used
     * @throws dev.drydock.fault.EnvironmentFault if other commands are at work in the store
     */
    public static List<String> rescue(Path root) throws InterruptedException {
        return new StoreRescue(root, InstantSource.system()).run();
    }

    /** Whether the store under {@code root} may be over a ceiling, judged without opening it. */
    public static boolean mayExceed(Path root, Ceiling ceiling) {
        try {
            if (ceiling.amount() == 0 || !Files.isDirectory(root)) {
                return false;
            }
            FileStore disk = Files.getFileStore(root);
            long size = disk.getTotalSpace();
            return size - disk.getUnallocatedSpace() > ceiling.bytes(size);
        } catch (IOException e) {
            return false; // the next command that opens it says what is wrong with it
        }
    }

    /** Brings the store under a ceiling, at the cost of what the build cache has not used for the longest time. */
    public Collected collect(Ceiling ceiling) throws InterruptedException {
        Space space = store.space();
        Space.Collected collected = space.collect(ceiling.bytes(space.diskSize()));
        return new Collected(collected.bytes(), collected.total(), collected.over());
    }

    /** The bytes of the image's configuration, as stored. */
    public byte[] rawConfig(Digest id) {
        return store.images().config(id);
    }

    /**
     * Makes a one-layer image of a root file system archive: tar, plain or compressed.
     *
     * @param archive read to its end; the caller closes it
     * @return the image ID
     */
    public Digest importRootfs(InputStream archive, ImportRequest request) throws InterruptedException {
        Privileges.checkOwners();
        return new RootfsImport(store, clock).run(archive, request);
    }

    /**
     * Writes images as one archive that Docker, Podman and OCI tools load.
     *
     * @param out written to its end and flushed; the caller closes it
     */
    public void save(List<String> namesOrIds, OutputStream out) throws InterruptedException {
        save(namesOrIds, null, new Destination.Stream(out));
    }

    /**
     * Writes images as one archive that Docker, Podman and OCI tools load.
     *
     * @param platform that each image must be for; null for any
     * @throws dev.drydock.fault.UserFault as {@link #image}, or if one is for another platform
     */
    public void save(List<String> namesOrIds, @Nullable Platform platform, Destination to) throws InterruptedException {
        new ArchiveSave(store).run(namesOrIds, platform, to);
    }

    /**
     * Takes in the images of an archive as Docker, Podman and OCI tools write them.
     *
     * @param archive plain or compressed, read to its end; the caller closes it
     * @param platform what is taken of an image for several platforms
     * @return the images, in the order of the archive
     * @throws dev.drydock.fault.UserFault if it is no such archive or not whole; then nothing is kept
     */
    public List<LoadedImage> load(InputStream archive, Platform platform) throws InterruptedException {
        Privileges.checkOwners();
        return new ArchiveLoad(store, clock, platform).run(archive);
    }

    /**
     * Pulls an image from its registry, or finds that the store has what the name stands for there.
     *
     * @throws dev.drydock.fault.RemoteFault if the registry has no such image, refuses it or cannot be reached
     */
    public PullResult pull(ImageRef name, Platform platform, TransferEvents events) throws InterruptedException {
        Privileges.checkOwners();
        return new RegistryPull(store, registries.open(), clock).run(name, platform, events);
    }

    /**
     * Pushes the image of a name to the name's registry.
     *
     * @throws dev.drydock.fault.UserFault {@code tag does not exist: x:latest}
     * @throws dev.drydock.fault.RemoteFault if the registry refuses it or cannot be reached
     */
    public PushResult push(ImageRef name, TransferEvents events) throws InterruptedException {
        return push(name, Compression.GZIP, null, events);
    }

    /**
     * Pushes the image of a name to the name's registry.
     *
     * @param compression what layers become that were made here, or all
     * @param platform that the image must be for; null for any
     * @throws dev.drydock.fault.UserFault as {@link #push(ImageRef, TransferEvents)}, or if it is for another platform
     * @throws dev.drydock.fault.RemoteFault if the registry refuses it or cannot be reached
     */
    public PushResult push(ImageRef name, Compression compression, @Nullable Platform platform, TransferEvents events)
            throws InterruptedException {
        return new RegistryPush(store, registries.open()).run(name, Shapes.of(compression), platform, events);
    }

    /** The tags of a repository at its registry. */
    public List<String> remoteTags(ImageRef repository) throws InterruptedException {
        return registries.open().repository(repository).tags();
    }

    @Override
    public void close() {
        registries.close();
        store.close();
    }
}
