package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.fault.CorruptData;
import dev.drydock.images.SelectedImage;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.DescriptorJson;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;
import dev.drydock.snapshot.Layer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes images as one tar archive that is a Docker archive and an OCI layout at once. The bytes depend on the images and
 * names only. A blob that several images share is in it once.
 */
public final class ArchiveWriter {
    private static final String BLOBS = "blobs/sha256/";

    private final ContentStore content;
    private final LayerTars tars;

    public ArchiveWriter(ContentStore content, LayerTars tars) {
        this.content = content;
        this.tars = tars;
    }

    /** Something of the archive with a digest for a name, and how its bytes are written. */
    private record Blob(String kind, Digest digest, long size, Source source) {}

    private interface Source {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /**
     * Writes the archive, flushes {@code out} and leaves it open.
     *
     * @throws IOException from {@code out} only
     */
    public void write(List<SelectedImage> selected, OutputStream out) throws IOException, InterruptedException {
        List<ArchivedImage> images =
                selected.stream().map(each -> ArchivedImage.of(content, each)).toList();
        TarFraming tar = new TarFraming(out);
        tar.directory("blobs/");
        tar.directory(BLOBS);
        for (Blob blob : blobs(images).values()) {
            tar.begin(BLOBS + blob.digest().hex(), blob.size());
            write(blob, out);
            tar.pad(blob.size());
        }
        tar.file("index.json", index(images).bytes());
        tar.file("manifest.json", manifest(images).bytes());
        tar.file(
                "oci-layout",
                JsonValue.object().put("imageLayoutVersion", "1.0.0").build().bytes());
        tar.end();
        out.flush();
    }

    private SortedMap<Digest, Blob> blobs(List<ArchivedImage> images) {
        SortedMap<Digest, Blob> blobs = new TreeMap<>();
        for (ArchivedImage image : images) {
            put(
                    blobs,
                    new Blob(
                            "blob",
                            image.manifest().digest(),
                            image.manifest().size(),
                            to -> to.write(image.manifestBytes())));
            put(blobs, stored(image.config(), content.size(image.config()).orElse(0)));
            for (ArchivedImage.Part part : image.layers()) {
                Layer layer = part.tar();
                put(
                        blobs,
                        layer == null
                                ? stored(part.digest(), part.size())
                                : new Blob("layer", part.digest(), part.size(), to -> tars.write(layer, to)));
            }
        }
        return blobs;
    }

    private Blob stored(Digest digest, long size) {
        return new Blob("blob", digest, size, to -> {
            try (InputStream in = content.read(digest)) {
                in.transferTo(to);
            }
        });
    }

    private static void put(SortedMap<Digest, Blob> blobs, Blob blob) {
        blobs.putIfAbsent(blob.digest(), blob);
    }

    private static void write(Blob blob, OutputStream out) throws IOException, InterruptedException {
        Counting counting = new Counting(out);
        DigestOutputStream hashing = new DigestOutputStream(counting, Digest.newSha256());
        blob.source().write(hashing);
        Digest digest = Digest.sha256(hashing.getMessageDigest().digest());
        if (counting.count != blob.size() || !digest.equals(blob.digest())) {
            throw new CorruptData("save " + blob.kind() + " " + blob.digest()
                            + ": the store holds other content by now, " + digest)
                    .hint("Remove the image and build or pull it again.");
        }
    }

    private static JsonValue index(List<ArchivedImage> images) {
        List<JsonValue> manifests = new ArrayList<>();
        for (ArchivedImage image : images) {
            SelectedImage selected = image.selected();
            Descriptor manifest = image.manifest();
            if (selected.names().isEmpty()) {
                manifests.add(DescriptorJson.write(manifest));
            }
            for (ImageRef name : selected.names()) {
                Map<String, String> annotations = new TreeMap<>();
                annotations.put("io.containerd.image.name", name.toString());
                name.tagIfAny().ifPresent(tag -> annotations.put("org.opencontainers.image.ref.name", tag));
                manifests.add(DescriptorJson.write(
                        new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations)));
            }
        }
        return JsonValue.object()
                .put("schemaVersion", 2)
                .put("mediaType", MediaTypes.OCI_INDEX)
                .put("manifests", JsonValue.array(manifests))
                .build();
    }

    private static JsonValue manifest(List<ArchivedImage> images) {
        List<JsonValue> entries = new ArrayList<>();
        for (ArchivedImage image : images) {
            List<String> tags =
                    image.selected().names().stream().map(ImageRef::familiar).toList();
            entries.add(JsonValue.object()
                    .put("Config", BLOBS + image.config().hex())
                    .put("RepoTags", tags.isEmpty() ? new JsonValue.Null() : JsonValue.strings(tags))
                    .put(
                            "Layers",
                            JsonValue.strings(image.layers().stream()
                                    .map(layer -> BLOBS + layer.digest().hex())
                                    .toList()))
                    .build());
        }
        return JsonValue.array(entries);
    }

    private static final class Counting extends FilterOutputStream {
        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
