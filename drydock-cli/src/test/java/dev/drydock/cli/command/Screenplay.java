package dev.drydock.cli.command;

import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.BuildResult;
import dev.drydock.engine.CacheEntry;
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
import dev.drydock.engine.StoreProblem;
import dev.drydock.engine.StoreReport;
import dev.drydock.engine.TransferEvent;
import dev.drydock.engine.TransferEvents;
import dev.drydock.event.BuildEvents;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs command lines against a store of made-up images and a clock that stands still; keeps what was printed. */
final class Screenplay {
    static final Instant NOW = Instant.parse("2026-11-23T17:20:00Z");
    static final String BASE = "9f2d70ecc50a4b600e29fab9af035410ea36f96be80fa547d1339ff85206f3c";

    final List<ImageSummary> images = new ArrayList<>();
    final Map<String, String> environment = new HashMap<>();
    final List<BuildRequest> built = new ArrayList<>();
    final List<String> tagged = new ArrayList<>();

    @Nullable
    Platform savedFor;

    String pushedAs = "";
    Path directory = Path.of("/nowhere");
    Session.Terminals terminals = Session.Terminals.NONE;
    Builder builder = (_, _) -> BuildResult.of(id(1), new Descriptor(MediaTypes.OCI_MANIFEST, id(1), 855), List.of());
    List<StoreProblem> problems = List.of();
    List<String> left = List.of();
    final List<PruneRequest> pruned = new ArrayList<>();
    DiskUsage usage = new DiskUsage(List.of(), 0, 0, List.of(), 0);
    ContextListing listing = new ContextListing(List.of());
    String in = "";
    String out = "";
    String err = "";

    interface Builder {
        BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException;
    }

    static Digest id(int last) {
        return Digest.parse("sha256:" + BASE + Integer.toHexString(last));
    }

    Screenplay image(int number, String created, long size, String label, String... names) {
        TreeMap<String, String> labels = new TreeMap<>();
        if (!label.isEmpty()) {
            labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
        }
        RunConfig empty = RunConfig.EMPTY;
        RunConfig run = new RunConfig(
                "appuser",
                empty.exposedPorts(),
                List.of("PATH=/bin"),
                null,
                List.of("/bin/server"),
                empty.volumes(),
                "/",
                labels,
                null,
                false,
                List.of(),
                null,
                null);
        Instant at = Instant.parse(created);
        List<History> history = List.of(
                new History(at.minusSeconds(100), "ADD rootfs.tar / # buildkit", null, "buildkit.dockerfile.v0", false),
                new History(
                        at,
                        "RUN /bin/sh -c adduser     --disabled-password appuser # buildkit",
                        null,
                        "buildkit.dockerfile.v0",
                        false),
                new History(at, "CMD [\"/bin/server\"]", null, "buildkit.dockerfile.v0", true));
        ImageConfig config =
                new ImageConfig(new Platform("linux", "amd64"), null, at, run, history, List.of(id(14), id(15)));
        List<ImageRef> refs = new ArrayList<>();
        for (String name : names) {
            refs.add(ImageRef.parse(name));
        }
        images.add(new ImageSummary(
                id(number),
                new Descriptor(MediaTypes.OCI_MANIFEST, id(13), 855),
                refs,
                List.of(),
                config,
                List.of(size - 16_400, 16_400L),
                size,
                at.plusSeconds(1)));
        images.sort(Comparator.comparing((ImageSummary image) -> image.config().created())
                .reversed());
        return this;
    }

    int run(String... words) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(outBytes, false, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(errBytes, false, StandardCharsets.UTF_8);
        Session session = new Session(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                outStream,
                errStream,
                environment,
                directory,
                Clock.fixed(NOW, ZoneOffset.UTC),
                terminals,
                _ -> new Fake());
        int code = Commands.run(List.of(words), session);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private final class Fake implements Store {
        @Override
        public ContextListing context(BuildRequest request, BuildEvents events) {
            return listing;
        }

        @Override
        public BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException {
            built.add(request);
            return builder.build(request, events);
        }

        @Override
        public List<HostFinding> examine() {
            return List.of(
                    new HostFinding(HostFinding.State.GOOD, "user", "root", null, null),
                    new HostFinding(HostFinding.State.LACKING, "git", "not installed", "git contexts", "Install it."));
        }

        @Override
        public List<ImageSummary> images() {
            return images;
        }

        @Override
        public List<ImageListing> listing() {
            return images.stream()
                    .map(image -> new ImageListing(
                            image.id(),
                            image.names(),
                            image.digests(),
                            image.config().created(),
                            image.stored(),
                            image.size(),
                            1_070_000))
                    .toList();
        }

        @Override
        public ImageSummary image(String nameOrId) {
            for (ImageSummary image : images) {
                if (image.id().toString().contains(nameOrId)) {
                    return image;
                }
                for (ImageRef name : image.names()) {
                    if (name.familiar()
                            .equals(ImageRef.parse(nameOrId).withDefaultTag().familiar())) {
                        return image;
                    }
                }
            }
            throw new UserFault("No such image: "
                    + ImageRef.parse(nameOrId).withDefaultTag().familiar());
        }

        @Override
        public void tag(String source, ImageRef target) {
            image(source);
            tagged.add(target.familiar());
        }

        @Override
        public List<Removal> remove(String nameOrId, Drydock.Force force) {
            ImageSummary image = image(nameOrId);
            return List.of(new Removal.Untagged(image.names().getFirst()), new Removal.Deleted(image.id()));
        }

        @Override
        public StoreReport check(boolean contents, boolean repair) {
            return new StoreReport(
                    images.size(),
                    2,
                    1,
                    1,
                    problems,
                    repair ? List.of("mended or dropped: " + problems.size() + " problems") : List.of(),
                    repair ? left : List.of());
        }

        @Override
        public DiskUsage diskUsage() {
            return usage;
        }

        @Override
        public PruneResult prune(PruneRequest request) {
            pruned.add(request);
            List<PruneResult.PrunedImage> gone = new ArrayList<>();
            for (ImageSummary image : images) {
                boolean meant = request.images() == PruneRequest.Images.ALL
                        || (request.images() == PruneRequest.Images.DANGLING
                                && image.names().isEmpty());
                if (meant && request.whichImages().test(image)) {
                    gone.add(new PruneResult.PrunedImage(image.id(), image.names()));
                }
            }
            List<CacheEntry> cache = new ArrayList<>(request.cache() ? usage.cache() : List.of());
            cache.removeIf(request.whichCache().negate());
            return new PruneResult(gone, cache, gone.isEmpty() && cache.isEmpty() ? 0 : 5_006);
        }

        @Override
        public Collected collect(Ceiling ceiling) {
            return new Collected(0, 0, false);
        }

        @Override
        public Digest importRootfs(InputStream archive, ImportRequest request) {
            return id(7);
        }

        @Override
        public void save(List<String> namesOrIds, @Nullable Platform platform, Destination to) {
            namesOrIds.forEach(this::image);
            savedFor = platform;
            try {
                switch (to) {
                    case Destination.Stream(OutputStream target) -> {
                        target.write("archive".getBytes(StandardCharsets.UTF_8));
                        target.flush();
                    }
                    case Destination.File(Path path, int mode) -> {
                        Files.writeString(path, "archive");
                        Files.setPosixFilePermissions(
                                path, PosixFilePermissions.fromString(mode == 0600 ? "rw-------" : "rw-r--r--"));
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public List<LoadedImage> load(InputStream archive, Platform platform) {
            return List.of(
                    new LoadedImage(id(1), List.of(ImageRef.parse("hello:1"), ImageRef.parse("localhost:5000/x:2"))),
                    new LoadedImage(id(2), List.of()));
        }

        @Override
        public PullResult pull(ImageRef name, Platform platform, TransferEvents events) {
            if (name.path().contains("nosuch")) {
                throw new RemoteFault("failed to resolve reference \"" + name + "\": " + name + ": not found")
                        .hint("Check the spelling of the name and the tag.");
            }
            events.accept(new TransferEvent.Begun(name.withDefaultTag()));
            if (name.path().contains("old")) {
                return new PullResult(name.withDefaultTag(), id(8), PullResult.Status.UP_TO_DATE);
            }
            for (TransferEvent.Stage stage : List.of(
                    TransferEvent.Stage.WANTED,
                    TransferEvent.Stage.DOWNLOADING,
                    TransferEvent.Stage.DOWNLOADED,
                    TransferEvent.Stage.EXTRACTED)) {
                events.accept(new TransferEvent.Part(id(5), stage, 1_070_000, 61_250_000));
            }
            return new PullResult(name.withDefaultTag(), id(8), PullResult.Status.DOWNLOADED);
        }

        @Override
        public PushResult push(
                ImageRef name, Compression compression, @Nullable Platform platform, TransferEvents events) {
            pushedAs = compression + " " + platform;
            if (name.path().contains("nosuch")) {
                throw new UserFault("tag does not exist: " + name.familiar());
            }
            events.accept(new TransferEvent.Begun(name));
            events.accept(new TransferEvent.Part(id(5), TransferEvent.Stage.PUSHING, 1_070_000, 0));
            events.accept(new TransferEvent.Part(id(5), TransferEvent.Stage.PUSHED, 0, 0));
            events.accept(new TransferEvent.Part(id(6), TransferEvent.Stage.LAYER_PRESENT, 0, 0));
            events.accept(new TransferEvent.Mounted(id(7), "library/busybox"));
            return new PushResult(name, id(8), 856);
        }

        @Override
        public List<String> remoteTags(ImageRef repository) {
            return List.of("1", "2");
        }

        @Override
        public void close() {
            // nothing was opened
        }
    }
}
