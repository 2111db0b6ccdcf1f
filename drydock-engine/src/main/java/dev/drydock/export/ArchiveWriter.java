package dev.drydock.export;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.DescriptorJson;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes images as one tar archive that is an OCI layout, and a Docker archive too if that is wanted. The bytes depend on the
 * images and names only. A blob that several images share is in it once.
 */
public final class ArchiveWriter {
    private static final String BLOBS = "blobs/sha256/";

    private ArchiveWriter() {}

    /**
     * An image and the names it has in the archive.
     *
     * @param names with tags; an image without names is found by its digest
     */
    public record Named(PackedImage image, List<ImageRef> names) {
        public Named {
            names = List.copyOf(names);
        }
    }

    /** Who is to read the archive. */
    public enum Kind {
        /** Readers of OCI layouts. */
        OCI,
        /** {@code docker load} of any age too. */
        DOCKER
    }

    /**
     * Writes the archive, flushes {@code out} and leaves it open.
     *
     * @throws IOException from {@code out} only
     */
    public static void write(List<Named> images, Kind kind, OutputStream out) throws IOException, InterruptedException {
        TarFraming tar = new TarFraming(out);
        tar.directory("blobs/");
        tar.directory(BLOBS);
        for (PackedImage.Blob blob : blobs(images)) {
            tar.begin(BLOBS + blob.digest().hex(), blob.size());
            write(blob, out);
            tar.pad(blob.size());
        }
        tar.file("index.json", index(images).bytes());
        if (kind == Kind.DOCKER) {
            tar.file("manifest.json", manifest(images).bytes());
        }
        tar.file("oci-layout", LayoutIndex.MARKER.bytes());
        tar.end();
        out.flush();
    }

    private static Collection<PackedImage.Blob> blobs(List<Named> images) {
        SortedMap<Digest, PackedImage.Blob> blobs = new TreeMap<>();
        for (Named named : images) {
            put(blobs, named.image.manifestBlob());
            put(blobs, named.image.config());
            named.image.layers().forEach(layer -> put(blobs, layer));
        }
        return blobs.values();
    }

    private static void put(SortedMap<Digest, PackedImage.Blob> blobs, PackedImage.Blob blob) {
        blobs.putIfAbsent(blob.digest(), blob);
    }

    /** Writes a part and checks that it still is what the archive says of it. */
    static void write(PackedImage.Blob blob, OutputStream out) throws IOException, InterruptedException {
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

    private static JsonValue index(List<Named> images) {
        List<JsonValue> manifests = new ArrayList<>();
        for (Named named : images) {
            for (Descriptor entry : LayoutIndex.entries(named.image.manifest(), named.names)) {
                manifests.add(DescriptorJson.write(entry));
            }
        }
        return LayoutIndex.document(manifests);
    }

    private static JsonValue manifest(List<Named> images) {
        List<JsonValue> entries = new ArrayList<>();
        for (Named named : images) {
            List<String> tags = named.names.stream().map(ImageRef::familiar).toList();
            entries.add(JsonValue.object()
                    .put("Config", BLOBS + named.image.config().digest().hex())
                    .put("RepoTags", tags.isEmpty() ? new JsonValue.Null() : JsonValue.strings(tags))
                    .put(
                            "Layers",
                            JsonValue.strings(named.image.layers().stream()
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
