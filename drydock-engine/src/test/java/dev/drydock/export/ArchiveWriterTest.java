package dev.drydock.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.content.BlobWriter;
import dev.drydock.content.ContentStore;
import dev.drydock.content.MemoryContentStore;
import dev.drydock.fault.CorruptData;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.SelectedImage;
import dev.drydock.images.StoredImage;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class ArchiveWriterTest {
    private static final Layer A = layer("layera", "tar of a");
    private static final Layer B = layer("layerb", "tar of the other");

    private final ContentStore content = new MemoryContentStore();
    private final LayerTars tars =
            (layer, out) -> out.write(layer.fs().toString().getBytes(StandardCharsets.UTF_8));

    /** Its path stands for its tar stream. */
    private static Layer layer(String id, String tar) {
        byte[] bytes = tar.getBytes(StandardCharsets.UTF_8);
        return new Layer(
                new LayerId(id), Path.of(tar), Path.of("index"), Digest.of(bytes), bytes.length, 0, Instant.EPOCH);
    }

    private SelectedImage image(String author, List<Layer> layers, String... names) throws IOException {
        byte[] config = ImageConfigJson.write(new ImageConfig(
                new Platform("linux", "amd64"),
                author,
                Instant.EPOCH,
                ImageConfig.RunConfig.EMPTY,
                List.of(),
                layers.stream().map(Layer::diffId).toList()));
        byte[] manifest = ManifestJson.write(new Manifest(
                new Descriptor(MediaTypes.OCI_CONFIG, Digest.of(config), config.length),
                layers.stream()
                        .map(layer -> new Descriptor(MediaTypes.OCI_LAYER_TAR, layer.diffId(), layer.tarSize()))
                        .toList()));
        put(config);
        put(manifest);
        List<ImageRef> refs = Arrays.stream(names).map(ImageRef::parse).toList();
        StoredImage stored = new StoredImage(
                Digest.of(config),
                new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length),
                refs,
                List.of(),
                ImageConfigJson.read(config),
                List.of(),
                Instant.EPOCH);
        return new SelectedImage(new ClaimedImage(stored, layers), refs);
    }

    @SuppressWarnings("NullAway") // a memory store asks nobody for claims
    private void put(byte[] bytes) throws IOException {
        try (BlobWriter blob = content.ingest(null, Digest.of(bytes), bytes.length)) {
            blob.stream().write(bytes);
            blob.commit();
        }
    }

    /** Nothing is compressed, so that nobody is asked for what something became. */
    @SuppressWarnings("NullAway")
    private Packing packing() {
        return new Packing(content, null, null, Path.of(""));
    }

    private byte[] archive(SelectedImage... images) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ArchiveWriter.Named> named = new ArrayList<>();
        for (SelectedImage each : images) {
            Outgoing outgoing = Outgoing.of(each.claimed(), content, tars);
            named.add(new ArchiveWriter.Named(packing().packAsItIs(outgoing), each.names()));
        }
        ArchiveWriter.write(named, ArchiveWriter.Kind.DOCKER, out);
        return out.toByteArray();
    }

    private static Map<String, String> members(byte[] archive) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.getLastModifiedDate()).isEqualTo(Instant.EPOCH);
                members.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return members;
    }

    @Test
    void theArchiveIsADockerArchiveAndAnOciLayout() throws Exception {
        SelectedImage image = image("me", List.of(A, B), "hello:latest");
        Map<String, String> members = members(archive(image));
        String a = A.diffId().hex();
        String b = B.diffId().hex();
        String config = image.claimed().image().id().hex();
        Descriptor manifest = image.claimed().image().manifest();
        List<String> blobs =
                new ArrayList<>(List.of(a, b, config, manifest.digest().hex()));
        blobs.sort(null);
        List<String> names = new ArrayList<>(List.of("blobs/", "blobs/sha256/"));
        blobs.forEach(blob -> names.add("blobs/sha256/" + blob));
        names.addAll(List.of("index.json", "manifest.json", "oci-layout"));
        assertThat(members.keySet()).containsExactlyElementsOf(names);
        assertThat(members)
                .containsEntry("blobs/sha256/" + a, "tar of a")
                .containsEntry("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
                .containsEntry(
                        "manifest.json",
                        "[{\"Config\":\"blobs/sha256/" + config + "\",\"RepoTags\":[\"hello:latest\"],"
                                + "\"Layers\":[\"blobs/sha256/" + a + "\",\"blobs/sha256/" + b + "\"]}]")
                .containsEntry(
                        "index.json",
                        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":"
                                + "[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                                + manifest.digest() + "\",\"size\":" + manifest.size()
                                + ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/hello:latest\","
                                + "\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
    }

    @Test
    void anImageSavedByIdHasNoNames() throws Exception {
        Map<String, String> members = members(archive(image("me", List.of(A))));
        assertThat(members.get("manifest.json")).contains("\"RepoTags\":null");
        assertThat(members.get("index.json")).doesNotContain("annotations");
    }

    @Test
    void sharedLayersAreWrittenOnceAndTheBytesAreAlwaysTheSame() throws Exception {
        SelectedImage one = image("one", List.of(A), "one:1", "one:2");
        SelectedImage two = image("two", List.of(A, B), "two:1");
        byte[] archive = archive(one, two);
        assertThat(members(archive)).hasSize(2 + 2 + 4 + 3);
        assertThat(archive(one, two)).isEqualTo(archive);
        assertThat(members(archive).get("index.json")).contains("one:1", "one:2", "two:1");
    }

    @Test
    void aLayerThatIsNoLongerWhatItWasIsRefused() throws Exception {
        Layer torn = new Layer(A.id(), Path.of("tar of A"), A.index(), A.diffId(), A.tarSize(), 0, A.created());
        SelectedImage image = image("me", List.of(torn), "hello");
        assertThatThrownBy(() -> archive(image))
                .isInstanceOf(CorruptData.class)
                .hasMessageStartingWith("save layer " + A.diffId() + ": the store holds other content by now");
    }

    @Test
    void hugeMembersHaveTheirSizeInBase256() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TarFraming(out).begin("big", 20L << 30);
        TarArchiveEntry entry = new TarArchiveEntry(out.toByteArray());
        assertThat(entry.getSize()).isEqualTo(20L << 30);
        assertThat(entry.isCheckSumOK()).isTrue();
    }
}
