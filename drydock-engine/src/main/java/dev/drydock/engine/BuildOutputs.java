package dev.drydock.engine;

import dev.drydock.export.ArchiveWriter;
import dev.drydock.export.ClampedLayers;
import dev.drydock.export.FilesDirectory;
import dev.drydock.export.ImageExporter;
import dev.drydock.export.LayoutDirectory;
import dev.drydock.export.Outgoing;
import dev.drydock.export.PackedImage;
import dev.drydock.export.Packing;
import dev.drydock.export.RegistryExporter;
import dev.drydock.export.StoredLayerTars;
import dev.drydock.export.WholeFile;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.layer.Compressor;
import dev.drydock.layer.FlatTar;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.MediaTypes;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes of a build's result what its request asks for, one output after the other. */
final class BuildOutputs {
    private static final int BUFFER = 1 << 16;

    private final Store store;
    private final Work work;
    private final LayerStore layers;
    private final RegistryClient registries;
    private final BuildLog log;
    private final Function<Digest, Optional<RemoteImage>> bases;

    /** @param bases finds a base image that the store does not have by its manifest */
    BuildOutputs(
            Store store,
            Work work,
            LayerStore layers,
            RegistryClient registries,
            BuildLog log,
            Function<Digest, Optional<RemoteImage>> bases) {
        this.bases = bases;
        this.store = store;
        this.work = work;
        this.layers = layers;
        this.registries = registries;
        this.log = log;
    }

    /** A result with what is common to all its outputs. */
    private record Made(
            BuildPlan plan,
            Snapshot snapshot,
            BuildRequest request,
            @Nullable RemoteImage base) {
        List<ImageRef> tags() {
            return request.tags();
        }
    }

    /** Before the build: what would fail after it. */
    static void check(BuildRequest request) {
        for (Output output : request.outputs()) {
            if (output instanceof Output.Image image) {
                boolean named = !request.tags().isEmpty() || !image.names().isEmpty();
                if (image.has(Output.ImageOption.PUSH) && !named) {
                    throw new UserFault("tag is needed when pushing to registry").hint("Name the image with -t.");
                }
            }
        }
    }

    /** Makes all outputs. */
    BuildResult make(BuildRequest request, BuildPlan plan, Snapshot snapshot) throws InterruptedException {
        return make(new Made(plan, snapshot, request, null));
    }

    /**
     * Makes all outputs of a result that is only a base, whose layers the store does not have. Empty if an output needs them here:
     * a push does not.
     */
    Optional<BuildResult> makeOfBase(BuildRequest request, BuildPlan plan, Digest manifest)
            throws InterruptedException {
        Optional<RemoteImage> found = bases.apply(manifest);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RemoteImage base = found.get();
        Made made = new Made(plan, Snapshot.EMPTY, request, base);
        for (Output output : request.outputs()) {
            boolean goes = output instanceof Output.Image image
                    && image.has(Output.ImageOption.PUSH)
                    && !image.has(Output.ImageOption.STORE)
                    && Shapes.of(image.form(), made.request).keepsAll(outgoing(image.form(), made));
            if (!goes && !(output instanceof Output.CacheOnly)) {
                return Optional.empty();
            }
        }
        // where the base is, its layers need not be sent
        store.blobRecords()
                .seen(
                        base.name().domain(),
                        base.name().path(),
                        base.manifest().layers().stream()
                                .map(Descriptor::digest)
                                .toList());
        return Optional.of(make(made));
    }

    private BuildResult make(Made made) throws InterruptedException {
        BuildRequest request = made.request;
        layers.sync();
        BuildResult result = BuildResult.NO_IMAGE;
        for (Output output : request.outputs()) {
            BuildResult of = switch (output) {
                case Output.Image image -> image(image, made);
                case Output.Archive archive -> archive(archive, made);
                case Output.Layout layout -> layout(layout, made);
                case Output.Files files -> files(files, made, request);
                case Output.Tar tar -> tar(tar, made);
                case Output.CacheOnly _ -> BuildResult.NO_IMAGE;
            };
            result = of.image() == null ? result : of;
        }
        return result;
    }

    private BuildResult image(Output.Image image, Made result) throws InterruptedException {
        List<ImageRef> names = result.tags().isEmpty() ? image.names() : result.tags();
        return log.internal("exporting to image", part -> {
            Instant started = log.now();
            Made made = image.has(Output.ImageOption.STORE) ? clamped(image.form(), result) : result;
            Outgoing outgoing = outgoing(image.form(), made);
            part.done("exporting layers", 0, started);
            Descriptor manifest = null;
            List<Descriptor> layers = List.of();
            if (image.has(Output.ImageOption.STORE)) {
                ImageExporter exporter = new ImageExporter(store.images(), work.claims());
                StoredImage stored = exporter.store(
                        config(image.form(), made),
                        made.snapshot,
                        names,
                        Shapes.of(image.form(), made.request).annotations());
                manifest = Shapes.annotated(stored.manifest(), Shapes.of(image.form(), made.request));
                layers = made.snapshot.layers().stream()
                        .map(layer -> new Descriptor(MediaTypes.OCI_LAYER_TAR, layer.diffId(), layer.tarSize()))
                        .toList();
                part.done("writing image " + stored.id(), 0, log.now());
                for (ImageRef name : names) {
                    part.done("naming to " + name, 0, log.now());
                }
            }
            if (image.has(Output.ImageOption.PUSH)) {
                for (ImageRef name : names) {
                    RegistryExporter.Pushed pushed = push(image, outgoing, name, made, part);
                    manifest = Shapes.annotated(pushed.manifest(), Shapes.of(image.form(), made.request));
                    layers = pushed.layers();
                }
            }
            if (manifest == null) {
                PackedImage packed = pack(packing -> packing.pack(outgoing, Shapes.of(image.form(), made.request)));
                manifest = packed.manifest();
                layers = packed.layerDescriptors();
            }
            pinned(image, outgoing, manifest, names);
            return BuildResult.of(outgoing.id(), manifest, layers, names);
        });
    }

    /** With the times that the image has everywhere: the one in the store is the one that is pushed. */
    private Made clamped(ImageForm form, Made made) throws InterruptedException {
        Instant epoch = epoch(form.epoch(), made);
        if (!form.rewriteTimes() || epoch == null) {
            return made;
        }
        Snapshot snapshot = new ClampedLayers(store.images(), work.claims(), layers)
                .of(made.snapshot, made.plan.config().diffIds().size(), epoch.getEpochSecond() * 1_000_000_000L);
        layers.sync();
        return new Made(made.plan, snapshot, made.request, null);
    }

    private RegistryExporter.Pushed push(
            Output.Image image, Outgoing outgoing, ImageRef name, Made made, BuildLog.Part part)
            throws InterruptedException {
        Instant started = log.now();
        try {
            String tag = image.has(Output.ImageOption.PUSH_BY_DIGEST) ? null : name.tag();
            RegistryClient client =
                    image.has(Output.ImageOption.INSECURE) ? registries.withoutTls(name.domain()) : registries;
            RegistryExporter.Pushed pushed = new RegistryPush(store, client.open())
                    .send(work, outgoing, name, tag, Shapes.of(image.form(), made.request), _ -> {});
            part.done("pushing layers", 0, started);
            part.done("pushing manifest for " + name + "@" + pushed.manifest().digest(), 0, log.now());
            return pushed;
        } catch (RemoteFault fault) {
            RemoteFault failed = new RemoteFault("failed to push " + name + ": " + fault.text(), fault);
            fault.hints().forEach(failed::hint);
            throw failed;
        }
    }

    /** Gives a stored image its names by digest. */
    private void pinned(Output.Image image, Outgoing outgoing, Descriptor manifest, List<ImageRef> names) {
        if (!image.has(Output.ImageOption.STORE)) {
            return;
        }
        List<ImageRef> pinned = new ArrayList<>();
        if (image.has(Output.ImageOption.NAME_CANONICAL) || image.has(Output.ImageOption.PUSH)) {
            pinned.addAll(names);
        }
        ImageRef dangling = image.dangling();
        if (dangling != null && (names.isEmpty() || !image.has(Output.ImageOption.DANGLING_EMPTY_ONLY))) {
            pinned.add(dangling);
        }
        for (ImageRef name : pinned) {
            store.images().addName(outgoing.id(), new ImageRef(name.domain(), name.path(), null, manifest.digest()));
        }
    }

    private BuildResult archive(Output.Archive archive, Made made) throws InterruptedException {
        boolean docker = archive.kind() == Output.ArchiveKind.DOCKER;
        List<ImageRef> names = made.tags().isEmpty() ? archive.names() : made.tags();
        return log.internal("exporting to " + (docker ? "docker" : "oci") + " image format", part -> {
            Instant started = log.now();
            return pack(packing -> {
                Outgoing outgoing = outgoing(archive.form(), made);
                PackedImage image = packing.pack(outgoing, Shapes.dated(archive.form(), made.request, outgoing));
                part.done("exporting layers", 0, started);
                part.done("exporting manifest " + image.manifest().digest(), 0, log.now());
                part.done("exporting config " + outgoing.id(), 0, log.now());
                Instant sending = log.now();
                to(
                        archive.to(),
                        out -> ArchiveWriter.write(
                                List.of(new ArchiveWriter.Named(image, names)),
                                docker ? ArchiveWriter.Kind.DOCKER : ArchiveWriter.Kind.OCI,
                                out));
                part.done("sending tarball", 0, sending);
                return BuildResult.of(outgoing.id(), image.manifest(), image.layerDescriptors(), names);
            });
        });
    }

    private BuildResult layout(Output.Layout layout, Made made) throws InterruptedException {
        List<ImageRef> names = made.tags().isEmpty() ? layout.names() : made.tags();
        return log.internal("exporting to oci image format", part -> {
            Instant started = log.now();
            return pack(packing -> {
                Outgoing outgoing = outgoing(layout.form(), made);
                PackedImage image = packing.pack(outgoing, Shapes.dated(layout.form(), made.request, outgoing));
                part.done("exporting layers", 0, started);
                part.done("exporting manifest " + image.manifest().digest(), 0, log.now());
                part.done("exporting config " + outgoing.id(), 0, log.now());
                LayoutDirectory.add(image, names, layout.directory());
                return BuildResult.of(outgoing.id(), image.manifest(), image.layerDescriptors(), names);
            });
        });
    }

    private BuildResult files(Output.Files files, Made made, BuildRequest request) throws InterruptedException {
        return log.internal("exporting to client directory", part -> {
            Instant started = log.now();
            Path into = files.split()
                    ? files.directory().resolve(request.platform().toString().replace('/', '_'))
                    : files.directory();
            long bytes = FilesDirectory.write(
                    made.snapshot,
                    into,
                    files.foreign() == Output.Foreign.DELETE
                            ? FilesDirectory.Foreign.DELETE
                            : FilesDirectory.Foreign.KEEP,
                    nanos(epoch(files.epoch(), made)));
            part.done("copying files", bytes, started);
            return BuildResult.NO_IMAGE;
        });
    }

    private BuildResult tar(Output.Tar tar, Made made) throws InterruptedException {
        return log.internal("exporting to client tarball", part -> {
            Instant started = log.now();
            to(tar.to(), out -> FlatTar.write(made.snapshot, out, nanos(epoch(tar.epoch(), made))));
            part.done("sending tarball", 0, started);
            return BuildResult.NO_IMAGE;
        });
    }

    /** Works with a compressor that lasts as long. */
    private interface Packer<T> {
        T run(Packing packing) throws InterruptedException;
    }

    private <T> T pack(Packer<T> packer) throws InterruptedException {
        try (Compressor compressor = new Compressor()) {
            return packer.run(new Packing(
                    store.content(),
                    store.blobRecords(),
                    compressor,
                    work.claims().tmp()));
        }
    }

    /** Writes an archive. */
    interface Archive {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /** Writes an archive where it goes. */
    static void to(Destination destination, Archive archive) throws InterruptedException {
        try {
            switch (destination) {
                case Destination.Stream(OutputStream out) -> archive.write(out);
                case Destination.File(Path path, int mode) -> {
                    try (WholeFile whole = WholeFile.begin(path, mode)) {
                        OutputStream out = new BufferedOutputStream(whole.stream(), BUFFER);
                        archive.write(out);
                        out.flush();
                        whole.commit();
                    }
                }
            }
        } catch (IOException e) {
            String where = destination instanceof Destination.File(Path path, int _) ? " " + path : "";
            EnvironmentFault fault = Disk.fault("write archive" + where, e);
            throw Disk.isFull(fault)
                    ? new EnvironmentFault(fault.text(), e).hint("Free space there, or name another place.")
                    : fault.hint("Check that the place it goes to has room and is still there.");
        }
    }

    private byte[] config(ImageForm form, Made made) {
        if (made.base != null) {
            return ImageExporter.configOfBase(made.plan, log.now(), form.epoch());
        }
        return ImageExporter.config(made.plan, made.snapshot, form.epoch());
    }

    private Outgoing outgoing(ImageForm form, Made made) throws InterruptedException {
        if (made.base != null) {
            return Outgoing.ofElsewhere(config(form, made), made.base.elsewhere());
        }
        StoredLayerTars tars = new StoredLayerTars(store.content(), store.images());
        byte[] config = config(form, made);
        Instant epoch = epoch(form.epoch(), made);
        return form.rewriteTimes() && epoch != null
                ? Outgoing.clamped(
                        config,
                        made.snapshot.layers(),
                        made.plan.config().diffIds().size(),
                        epoch.getEpochSecond() * 1_000_000_000L,
                        tars)
                : Outgoing.of(config, made.snapshot.layers(), tars);
    }

    private static @Nullable Instant epoch(@Nullable Instant own, Made made) {
        return own != null ? own : made.plan.config().created();
    }

    private static @Nullable Long nanos(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond() * 1_000_000_000L;
    }
}
