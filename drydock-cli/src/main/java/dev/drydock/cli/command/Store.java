package dev.drydock.cli.command;

import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.BuildResult;
import dev.drydock.engine.Ceiling;
import dev.drydock.engine.Collected;
import dev.drydock.engine.Compression;
import dev.drydock.engine.ContextListing;
import dev.drydock.engine.Destination;
import dev.drydock.engine.DiskUsage;
import dev.drydock.engine.Drydock;
import dev.drydock.engine.HostFinding;
import dev.drydock.engine.ImageListing;
import dev.drydock.engine.ImageSummary;
import dev.drydock.engine.ImportRequest;
import dev.drydock.engine.LoadedImage;
import dev.drydock.engine.PruneRequest;
import dev.drydock.engine.PruneResult;
import dev.drydock.engine.PullResult;
import dev.drydock.engine.PushResult;
import dev.drydock.engine.Removal;
import dev.drydock.engine.StoreReport;
import dev.drydock.engine.TransferEvents;
import dev.drydock.event.BuildEvents;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands ask of the engine. The caller closes it. Its methods are {@link Drydock}'s. */
interface Store extends AutoCloseable {
    BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException;

    ContextListing context(BuildRequest request, BuildEvents events) throws InterruptedException;

    List<HostFinding> examine() throws InterruptedException;

    List<ImageSummary> images();

    List<ImageListing> listing();

    ImageSummary image(String nameOrId);

    void tag(String source, ImageRef target);

    List<Removal> remove(String nameOrId, Drydock.Force force);

    DiskUsage diskUsage() throws InterruptedException;

    PruneResult prune(PruneRequest request) throws InterruptedException;

    Collected collect(Ceiling ceiling) throws InterruptedException;

    StoreReport check(boolean contents, boolean repair) throws InterruptedException;

    Digest importRootfs(InputStream archive, ImportRequest request) throws InterruptedException;

    void save(List<String> namesOrIds, @Nullable Platform platform, Destination to) throws InterruptedException;

    List<LoadedImage> load(InputStream archive, Platform platform) throws InterruptedException;

    PullResult pull(ImageRef name, Platform platform, TransferEvents events) throws InterruptedException;

    PushResult push(ImageRef name, Compression compression, @Nullable Platform platform, TransferEvents events)
            throws InterruptedException;

    List<String> remoteTags(ImageRef repository) throws InterruptedException;

    @Override
    void close();

    /** The real one. */
    static Store open(Path root) {
        Drydock engine = Drydock.open(root);
        return new Store() {
            @Override
            public BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException {
                return engine.build(request, events);
            }

            @Override
            public ContextListing context(BuildRequest request, BuildEvents events) throws InterruptedException {
                return engine.context(request, events);
            }

            @Override
            public List<HostFinding> examine() throws InterruptedException {
                return engine.examine();
            }

            @Override
            public List<ImageSummary> images() {
                return engine.images();
            }

            @Override
            public List<ImageListing> listing() {
                return engine.listing();
            }

            @Override
            public ImageSummary image(String nameOrId) {
                return engine.image(nameOrId);
            }

            @Override
            public void tag(String source, ImageRef target) {
                engine.tag(source, target);
            }

            @Override
            public List<Removal> remove(String nameOrId, Drydock.Force force) {
                return engine.remove(nameOrId, force);
            }

            @Override
            public StoreReport check(boolean contents, boolean repair) throws InterruptedException {
                return engine.check(contents, repair);
            }

            @Override
            public DiskUsage diskUsage() throws InterruptedException {
                return engine.diskUsage();
            }

            @Override
            public PruneResult prune(PruneRequest request) throws InterruptedException {
                return engine.prune(request);
            }

            @Override
            public Collected collect(Ceiling ceiling) throws InterruptedException {
                return engine.collect(ceiling);
            }

            @Override
            public Digest importRootfs(InputStream archive, ImportRequest request) throws InterruptedException {
                return engine.importRootfs(archive, request);
            }

            @Override
            public void save(List<String> namesOrIds, @Nullable Platform platform, Destination to)
                    throws InterruptedException {
                engine.save(namesOrIds, platform, to);
            }

            @Override
            public List<LoadedImage> load(InputStream archive, Platform platform) throws InterruptedException {
                return engine.load(archive, platform);
            }

            @Override
            public PullResult pull(ImageRef name, Platform platform, TransferEvents events)
                    throws InterruptedException {
                return engine.pull(name, platform, events);
            }

            @Override
            public PushResult push(
                    ImageRef name, Compression compression, @Nullable Platform platform, TransferEvents events)
                    throws InterruptedException {
                return engine.push(name, compression, platform, events);
            }

            @Override
            public List<String> remoteTags(ImageRef repository) throws InterruptedException {
                return engine.remoteTags(repository);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }
}
