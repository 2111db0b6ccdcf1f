package dev.drydock.source;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.registry.Document;
import dev.drydock.registry.Origin;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Images in a directory of this host.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image layout</a>
 */
public final class OciLayout implements Origin {
    private static final String NAME = "org.opencontainers.image.ref.name";
    private static final String LATEST = "latest";
    private static final int LONGEST_DOCUMENT = 16 << 20;

    private final Path directory;

    public OciLayout(Path directory) {
        this.directory = directory;
    }

    /**
     * The index or manifest that is meant.
     *
     * @param tag its name in the layout; null for {@code latest}, or for the only one there is
     * @param digest null for that of the name
     * @throws UserFault if there is none
     */
    public Descriptor find(@Nullable String tag, @Nullable Digest digest) {
        List<Descriptor> all = IndexJson.read(index()).manifests();
        if (digest != null) {
            return all.stream()
                    .filter(each -> each.digest().equals(digest))
                    .findFirst()
                    .orElseGet(() -> described(digest));
        }
        String wanted = tag == null ? LATEST : tag;
        for (Descriptor each : all) {
            if (wanted.equals(each.annotations().get(NAME))) {
                return each;
            }
        }
        if (tag == null && all.size() == 1) {
            return all.getFirst();
        }
        List<String> names = all.stream()
                .map(each -> each.annotations().get(NAME))
                .filter(Objects::nonNull)
                .toList();
        throw new UserFault("open OCI layout " + directory + ": it has no image " + wanted)
                .hint(
                        names.isEmpty()
                                ? "Its images have no names: add @sha256:… to the path."
                                : "It has " + String.join(", ", names) + ".");
    }

    private byte[] index() {
        Path file = directory.resolve("index.json");
        try {
            return CallersFile.read(file, LONGEST_DOCUMENT);
        } catch (NoSuchFileException e) {
            throw new UserFault("open OCI layout " + directory + ": it has no index.json", e)
                    .hint("Name a directory as \"skopeo copy … oci:DIR:TAG\" makes it.");
        } catch (IOException e) {
            throw Disk.fault("read " + file, e);
        }
    }

    /** What is not in the index may still be there: an index says itself what it is. */
    private Descriptor described(Digest digest) {
        byte[] bytes = read(digest);
        boolean index = new String(bytes, StandardCharsets.UTF_8).contains("\"manifests\"");
        return new Descriptor(index ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST, digest, bytes.length);
    }

    private Path file(Digest digest) {
        return directory.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    private byte[] read(Digest digest) {
        try (InputStream in = CallersFile.open(file(digest))) {
            byte[] bytes = in.readNBytes(LONGEST_DOCUMENT + 1);
            if (bytes.length > LONGEST_DOCUMENT) {
                throw new CorruptData("read " + digest + " of OCI layout " + directory + ": it is no document");
            }
            return bytes;
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    private DrydockException missing(Digest digest, IOException e) {
        return e instanceof NoSuchFileException
                ? new CorruptData("read " + digest + " of OCI layout " + directory + ": it is not there", e)
                        .hint("Make the layout again: something in it is missing.")
                : Disk.fault("read " + file(digest), e);
    }

    @Override
    public Document document(Descriptor wanted) {
        return Document.checked(wanted, read(wanted.digest()));
    }

    @Override
    public InputStream blob(Descriptor blob) {
        try {
            return CallersFile.open(file(blob.digest()));
        } catch (IOException e) {
            throw missing(blob.digest(), e);
        }
    }
}
