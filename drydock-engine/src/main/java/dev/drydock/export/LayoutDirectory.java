package dev.drydock.export;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.IndexJson;
import dev.drydock.scope.Disk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds images to an OCI layout in a directory. Parts come before what names them and appear whole, so that at any instant
 * the layout is one that readers take. An image of a name that the layout has replaces it there; what nothing names any
 * more stays.
 */
public final class LayoutDirectory {
    private static final int BUFFER = 1 << 16;

    private LayoutDirectory() {}

    /** Adds an image, making the directory if it is missing. */
    public static void add(PackedImage image, List<ImageRef> names, Path directory) throws InterruptedException {
        try {
            Path blobs = Files.createDirectories(directory.resolve("blobs").resolve("sha256"));
            List<Descriptor> manifests = present(directory);
            for (PackedImage.Blob layer : image.layers()) {
                add(layer, blobs);
            }
            add(image.config(), blobs);
            add(image.manifestBlob(), blobs);
            WholeFile.write(directory.resolve("oci-layout"), WholeFile.READABLE, LayoutIndex.MARKER.bytes());
            List<Descriptor> entries = names.isEmpty()
                    ? List.of(LayoutIndex.latest(image.manifest()))
                    : LayoutIndex.entries(image.manifest(), names);
            for (Descriptor entry : entries) {
                manifests.removeIf(before -> LayoutIndex.givesWay(before, entry));
                manifests.add(entry);
            }
            WholeFile.write(
                    directory.resolve("index.json"),
                    WholeFile.READABLE,
                    LayoutIndex.document(manifests).bytes());
        } catch (IOException e) {
            throw Disk.fault("write OCI layout " + directory, e);
        }
    }

    private static List<Descriptor> present(Path directory) throws IOException {
        Path index = directory.resolve("index.json");
        if (!Files.exists(index)) {
            return new ArrayList<>();
        }
        try {
            return new ArrayList<>(IndexJson.read(Files.readAllBytes(index)).manifests());
        } catch (CorruptData e) {
            throw new UserFault("write OCI layout " + directory + ": its index.json is damaged: " + e.text(), e)
                    .hint("Remove the directory, or name another one.");
        }
    }

    private static void add(PackedImage.Blob blob, Path blobs) throws IOException, InterruptedException {
        Path file = blobs.resolve(blob.digest().hex());
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == blob.size()) {
            return;
        }
        try (WholeFile whole = WholeFile.begin(file, WholeFile.READABLE)) {
            try (OutputStream out = new BufferedOutputStream(whole.stream(), BUFFER)) {
                ArchiveWriter.write(blob, out);
            }
            whole.commit();
        }
    }
}
