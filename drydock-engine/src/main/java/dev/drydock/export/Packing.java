package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.images.BlobRecords;
import dev.drydock.images.BlobRecords.Compressed;
import dev.drydock.layer.Compressor;
import dev.drydock.layer.Compressor.Form;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.registry.BlobSource;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns layers into the blobs of an image that goes out, and remembers what they became. Safe for several threads. */
public final class Packing {
    private final ContentStore content;
    private final BlobRecords records;
    private final Compressor compressor;
    private final Path tmp;

    /** @param tmp the lease's directory: what was never compressed before waits there until its size is known */
    public Packing(ContentStore content, BlobRecords records, Compressor compressor, Path tmp) {
        this.content = content;
        this.records = records;
        this.compressor = compressor;
        this.tmp = tmp;
    }

    /** What a layer becomes in a form, if that was found out before. */
    Optional<Compressed> known(Outgoing.Part layer, Form form) {
        return form.kind() == Compressor.Kind.NONE
                ? Optional.of(new Compressed(layer.diffId(), layer.tarSize()))
                : records.compressed(layer.diffId(), form.key());
    }

    void remember(Outgoing.Part layer, Form form, Descriptor blob) {
        records.remember(layer.diffId(), form.key(), new Compressed(blob.digest(), blob.size()));
    }

    /** A layer's tar stream in a form. */
    BlobSource compressed(Outgoing.Part layer, Form form) {
        return out -> {
            try (OutputStream to = compressor.open(out, form)) {
                layer.tar().write(to);
            }
        };
    }

    /** The image with all digests and sizes known, as archives need it. */
    public PackedImage pack(Outgoing image, Shape shape) throws InterruptedException {
        return shape.leavesAsItCame(image) ? asItIs(image, image.own().orElseThrow()) : packed(image, shape);
    }

    /** The image as the store has it: layers made here plain, the others as they came. */
    public PackedImage packAsItIs(Outgoing image) throws InterruptedException {
        return image.own().isPresent()
                ? asItIs(image, image.own().get())
                : packed(
                        image,
                        new Shape(Form.of(Compressor.Kind.NONE), MediaFamily.OCI, Shape.Force.NO, Map.of(), Map.of()));
    }

    private PackedImage packed(Outgoing image, Shape shape) throws InterruptedException {
        List<PackedImage.Blob> blobs = new ArrayList<>();
        List<Descriptor> layers = new ArrayList<>();
        for (Outgoing.Part layer : image.layers()) {
            PackedImage.Blob blob = layer(layer, shape);
            blobs.add(blob);
            layers.add(new Descriptor(shape.family().layer(kind(layer, shape)), blob.digest(), blob.size()));
        }
        byte[] config = image.config();
        byte[] manifest = ManifestJson.write(new Manifest(
                shape.family().manifest(),
                null,
                new Descriptor(shape.family().config(), image.id(), config.length),
                layers,
                null,
                shape.annotations(image)));
        return new PackedImage(
                new Descriptor(
                        shape.family().manifest(),
                        Digest.of(manifest),
                        manifest.length,
                        null,
                        shape.descriptorAnnotations()),
                manifest,
                new PackedImage.Blob("blob", image.id(), config.length, out -> out.write(config)),
                blobs);
    }

    private PackedImage asItIs(Outgoing image, Outgoing.Own own) {
        List<PackedImage.Blob> blobs = new ArrayList<>();
        for (int i = 0; i < image.layers().size(); i++) {
            Descriptor named = own.manifest().layers().get(i);
            Outgoing.Part layer = image.layers().get(i);
            blobs.add(named.digest().equals(layer.diffId()) ? plain(layer) : stored(named));
        }
        byte[] config = image.config();
        return new PackedImage(
                own.descriptor(),
                own.bytes(),
                new PackedImage.Blob("blob", image.id(), config.length, out -> out.write(config)),
                blobs);
    }

    private static Compressor.Kind kind(Outgoing.Part layer, Shape shape) {
        return shape.kept(layer)
                .flatMap(blob -> MediaFamily.compression(blob.mediaType()))
                .orElse(shape.form().kind());
    }

    private PackedImage.Blob layer(Outgoing.Part layer, Shape shape) throws InterruptedException {
        Optional<Descriptor> kept = shape.kept(layer);
        if (kept.isPresent()) {
            return stored(kept.get());
        }
        Form form = shape.form();
        if (form.kind() == Compressor.Kind.NONE) {
            return plain(layer);
        }
        Optional<Compressed> known = known(layer, form);
        if (known.isPresent()) {
            return new PackedImage.Blob(
                    "layer", known.get().digest(), known.get().size(), compressed(layer, form));
        }
        return packed(layer, form);
    }

    private static PackedImage.Blob plain(Outgoing.Part layer) {
        return new PackedImage.Blob("layer", layer.diffId(), layer.tarSize(), layer.tar());
    }

    private PackedImage.Blob packed(Outgoing.Part layer, Form form) throws InterruptedException {
        try {
            Path file = Files.createTempFile(tmp, "packed-", "");
            DigestOutputStream hashing;
            try (OutputStream out = Files.newOutputStream(file)) {
                hashing = new DigestOutputStream(out, Digest.newSha256());
                compressed(layer, form).write(hashing);
            }
            Digest digest = Digest.sha256(hashing.getMessageDigest().digest());
            long size = Files.size(file);
            records.remember(layer.diffId(), form.key(), new Compressed(digest, size));
            return new PackedImage.Blob("layer", digest, size, out -> {
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(out);
                }
            });
        } catch (IOException e) {
            throw Disk.fault("compress layer " + layer.diffId(), e);
        }
    }

    private PackedImage.Blob stored(Descriptor blob) {
        return new PackedImage.Blob("blob", blob.digest(), blob.size(), out -> {
            try (InputStream in = content.read(blob.digest())) {
                in.transferTo(out);
            }
        });
    }
}
