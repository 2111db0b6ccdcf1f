package dev.drydock.engine;

import com.github.luben.zstd.Zstd;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.registry.FakeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images in a registry in memory. */
final class RemoteImages {
    final FakeRegistry fake = new FakeRegistry();

    static byte[] tar(String... namesAndTexts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i]);
                entry.setSize(entry.isDirectory() ? 0 : text.length);
                entry.setMode(entry.isDirectory() ? 0700 : 0644);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                if (!entry.isDirectory()) {
                    tar.write(text);
                }
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    /** A layer: its tar stream, what it is compressed to, and that one's type. */
    record Part(byte[] tar, byte[] blob, String type) {}

    /** Puts an image of these layers into the registry; returns its manifest. */
    Descriptor image(String repository, String tag, Platform platform, List<Part> parts) {
        List<Digest> diffIds = parts.stream().map(part -> Digest.of(part.tar)).toList();
        byte[] config =
                ImageConfigJson.write(new ImageConfig(platform, null, null, RunConfig.EMPTY, List.of(), diffIds));
        List<Descriptor> layers = new ArrayList<>();
        for (Part part : parts) {
            layers.add(new Descriptor(part.type, fake.blob(part.blob), part.blob.length));
        }
        byte[] manifest = ManifestJson.write(
                new Manifest(new Descriptor(MediaTypes.OCI_CONFIG, fake.blob(config), config.length), layers));
        return new Descriptor(
                MediaTypes.OCI_MANIFEST,
                fake.manifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest),
                manifest.length,
                platform,
                Map.of());
    }

    ImageRef name(String rest) {
        return ImageRef.parse(fake.host() + "/" + rest);
    }

    /** One of each compression; the second and third say nothing of a directory that the first describes. */
    static List<Part> threeLayers() throws IOException {
        byte[] first = tar("etc/", "", "etc/a", "one");
        byte[] second = tar("etc/b", "two"); // does not describe etc
        byte[] third = tar("etc/.wh.a", "", "c", "three");
        return List.of(
                new Part(first, gzip(first), MediaTypes.OCI_LAYER_GZIP),
                new Part(second, Zstd.compress(second), MediaTypes.OCI_LAYER_ZSTD),
                new Part(third, third, MediaTypes.OCI_LAYER_TAR));
    }
}
