package dev.drydock.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.house.SilentPort;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
    private static final byte[] MANIFEST = "{\"schemaVersion\":2,\"config\":{}}".getBytes(StandardCharsets.UTF_8);
    private static final String BLOB = "application/octet-stream";

    private final FakeRegistry fake = new FakeRegistry();
    private final List<Duration> waits = new ArrayList<>();
    private Registries registries;

    @TempDir
    Path home;

    @BeforeEach
    void open() {
        registries = registries(Map.of());
    }

    private Registries registries(Map<String, String> environment) {
        return new Registries(
                RegistrySettings.load(environment, home, Set.of()),
                new DockerConfig(environment, home),
                new Retries(InstantSource.system(), waits::add));
    }

    @AfterEach
    void close() {
        registries.close();
        fake.close();
    }

    private Repository repository(String name) {
        return registries.repository(ImageRef.parse(fake.host() + "/" + name));
    }

    private void credentials(String entry) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"auths\":{\"" + fake.host() + "\":{" + entry + "}}}");
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Descriptor blob(byte[] bytes) {
        return new Descriptor(BLOB, Digest.of(bytes), bytes.length);
    }

    @Test
    void aTagIsFoundByOneHead() throws InterruptedException {
        Digest digest = fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);

        assertThat(repository("app:1").find())
                .isEqualTo(new Lookup.Found(new Descriptor(MediaTypes.OCI_MANIFEST, digest, MANIFEST.length)));
        assertThat(fake.requests).containsExactly("GET /v2/", "HEAD /v2/app/manifests/1");
        assertThat(repository("app:2").find()).isEqualTo(new Lookup.Missing());
    }

    @Test
    void aRegistryThatSaysNoDigestIsAskedForTheDocument() throws InterruptedException {
        Digest digest = fake.manifest("app", "1", MediaTypes.DOCKER_MANIFEST, MANIFEST);
        fake.nextStatus("HEAD", 405);

        assertThat(repository("app:1").find())
                .isEqualTo(new Lookup.Found(new Descriptor(MediaTypes.DOCKER_MANIFEST, digest, MANIFEST.length)));
    }

    @Test
    void schemaOneIsRefusedWithTheReason() {
        fake.manifest("old", "1", "application/vnd.docker.distribution.manifest.v1+prettyjws", MANIFEST);

        assertThatThrownBy(() -> repository("old:1").find()).isInstanceOfSatisfying(RemoteFault.class, fault -> {
            assertThat(fault.text()).contains("schema 1");
            assertThat(fault.hints()).anyMatch(hint -> hint.contains("skopeo copy"));
        });
    }

    @Test
    void aManifestThatIsNotWhatItsDigestSaysIsRefused() {
        fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        Digest other = Digest.of(new byte[] {1});
        fake.manifests.put("app/" + other, MANIFEST);
        fake.types.put("app/" + other, MediaTypes.OCI_MANIFEST);

        assertThatThrownBy(() -> repository("app").document(new Descriptor(MediaTypes.OCI_MANIFEST, other, 1)))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("sent other content");
    }

    @Test
    void basicCredentialsAreShownOnlyWhenAskedFor() throws Exception {
        fake.basic("demo", "secret");
        fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        credentials("\"auth\":\"ZGVtbzpzZWNyZXQ=\"");

        assertThat(repository("app:1").find()).isInstanceOf(Lookup.Found.class);
        assertThat(fake.requests)
                .containsExactly("GET /v2/", "HEAD /v2/app/manifests/1", "HEAD /v2/app/manifests/1 Basic");
    }

    @Test
    void withoutCredentialsTheReasonIsDockers() throws InterruptedException {
        fake.basic("demo", "secret");

        assertThat(repository("app:1").find())
                .isEqualTo(new Lookup.Refused("authorization failed: no basic auth credentials"));
    }

    @Test
    void aTokenIsFetchedOnceForAScopeAndAgainWhenItIsNoLongerGood() throws Exception {
        fake.bearer("demo", "secret");
        fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        credentials("\"auth\":\"ZGVtbzpzZWNyZXQ=\"");
        Repository repository = repository("app:1");

        repository.find();
        repository.find();
        assertThat(fake.tokenRequests).containsExactly("GET service=fake&scope=repository:app:pull&account=demo");

        fake.revoke("t1");
        assertThat(repository.find()).isInstanceOf(Lookup.Found.class);
        assertThat(fake.tokenRequests).hasSize(2);
    }

    @Test
    void anIdentityTokenIsExchangedByPost() throws Exception {
        fake.bearer("", "refresh-me");
        fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        credentials("\"identitytoken\":\"refresh-me\"");

        assertThat(repository("app:1").find()).isInstanceOf(Lookup.Found.class);
        assertThat(fake.tokenRequests)
                .containsExactly("POST service=fake&grant_type=refresh_token&refresh_token=refresh-me"
                        + "&client_id=drydock&scope=repository:app:pull");
    }

    @Test
    void aWrongPasswordIsSaidOnceAndNeverShown() throws Exception {
        fake.bearer("demo", "right");
        credentials("\"auth\":\"ZGVtbzp3cm9uZy1zZWNyZXQ=\""); // wrong-secret

        assertThat(repository("app:1").find())
                .isEqualTo(new Lookup.Refused("unauthorized: incorrect username or password"));
        assertThat(fake.tokenRequests).hasSize(1);
    }

    @Test
    void whatPassesIsTriedAgainAndWaitsAsAsked() throws InterruptedException {
        fake.manifest("app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        fake.nextStatus("HEAD", 503);
        fake.nextStatus("HEAD", 429, "Retry-After", "7");

        assertThat(repository("app:1").find()).isInstanceOf(Lookup.Found.class);
        assertThat(waits).hasSize(2).contains(Duration.ofSeconds(7));
    }

    @Test
    void aLimitThatStaysIsExplained() {
        for (int i = 0; i < Retries.ATTEMPTS; i++) {
            fake.nextStatus("HEAD", 429, "ratelimit-limit", "100;w=21600");
        }

        assertThatThrownBy(() -> repository("app:1").find())
                .isInstanceOfSatisfying(
                        RemoteFault.class,
                        fault -> assertThat(fault.hints())
                                .contains("The limit is 100 in 6 h.")
                                .anyMatch(hint -> hint.contains("drydock login")));
    }

    @Test
    void otherRefusalsAreNotTriedAgain() {
        fake.nextStatus("/blobs/", 403);

        assertThatThrownBy(() -> repository("app").blob(blob(random(10))).readAllBytes())
                .isInstanceOf(RemoteFault.class)
                .hasMessageContaining("403 Forbidden: fake: scripted");
        assertThat(waits).isEmpty();
    }

    @Test
    void aDownloadGoesOnWhereItBroke() throws Exception {
        byte[] bytes = random(300_000);
        fake.blob(bytes);
        fake.nextCut("/blobs/", 100_000, bytes);

        try (InputStream in = repository("app").blob(blob(bytes))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(fake.requests.getLast()).matches("GET /v2/app/blobs/sha256:[0-9a-f]+ bytes=\\d+-");
    }

    @Test
    void aServerWithoutRangesIsReadFromTheStart() throws Exception {
        byte[] bytes = random(200_000);
        fake.nextCut("/blobs/", 100_000, bytes);
        fake.next("/blobs/", exchange -> {
            FakeRegistry.answer(exchange, 200, bytes);
            return true;
        });

        try (InputStream in = repository("app").blob(blob(bytes))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aPlaceThatLiesAboutRangesIsAskedForAllOfIt() throws Exception {
        byte[] bytes = random(200_000);
        fake.nextCut("/blobs/", 100_000, bytes);
        fake.next("/blobs/", exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 7-199999/200000");
            FakeRegistry.answer(exchange, 206, bytes);
            return true;
        });
        fake.blob(bytes);

        try (InputStream in = repository("app").blob(blob(bytes))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(fake.requests.getLast()).doesNotContain("bytes=");
    }

    @Test
    void aConnectionThatGivesNextToNothingIsGivenUp() {
        byte[] bytes = random(200_000);
        for (int i = 0; i < Retries.ATTEMPTS; i++) {
            fake.nextCut("/blobs/", 1 + i, bytes);
        }

        assertThatThrownBy(() -> repository("app").blob(blob(bytes)).readAllBytes())
                .isInstanceOf(RemoteFault.class)
                .hasMessageContaining("failed to do request: Get");
        assertThat(waits).hasSize(Retries.ATTEMPTS - 1);
    }

    @Test
    void whatStandsStillIsCutOffAndGoesOn() throws Exception {
        byte[] bytes = random(300_000);
        fake.blob(bytes);
        CountDownLatch over = new CountDownLatch(1);
        fake.next("/blobs/", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, 150_000);
            exchange.getResponseBody().flush();
            awaitQuietly(over);
            exchange.close();
            return true;
        });
        fake.next("PUT", exchange -> {
            exchange.getRequestBody().readNBytes(1000);
            awaitQuietly(over);
            exchange.close();
            return true;
        });
        Registries impatient = registries(Map.of("DRYDOCK_STALL_TIMEOUT", "5"));
        try {
            Repository repository = impatient.repository(ImageRef.parse(fake.host() + "/app"));
            try (InputStream in = repository.blob(blob(bytes))) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
            byte[] large = random(20_000_000); // more than the socket's buffers
            repository.upload(blob(large), out -> out.write(large));
            assertThat(fake.blobs).containsKey(Digest.of(large).toString());
        } finally {
            over.countDown();
            impatient.close();
        }
        assertThat(waits).hasSizeGreaterThanOrEqualTo(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRedirectToAnotherHostGetsNoCredentials() throws Exception {
        byte[] bytes = random(1000);
        fake.basic("demo", "secret");
        credentials("\"auth\":\"ZGVtbzpzZWNyZXQ=\"");
        try (FakeRegistry storage = new FakeRegistry()) {
            Digest digest = storage.blob(bytes);
            for (int i = 0; i < 2; i++) { // the first is answered with 401
                fake.next("/blobs/", exchange -> {
                    if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                        return false;
                    }
                    exchange.getResponseHeaders()
                            .set("Location", "http://" + storage.host() + "/v2/x/blobs/" + digest + "?sig=s3cr3t");
                    FakeRegistry.answer(exchange, 307, new byte[0]);
                    return true;
                });
            }

            assertThat(repository("app").blob(blob(bytes)).readAllBytes()).isEqualTo(bytes);
            assertThat(storage.requests).containsExactly("GET /v2/x/blobs/" + digest + "?sig=s3cr3t");
        }
    }

    @Test
    void mirrorsComeFirstAndTheRegistryIsTheFallback() throws Exception {
        fake.manifest("library/app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
        try (FakeRegistry mirror = new FakeRegistry()) {
            Files.createDirectories(home.resolve(".config/drydock"));
            Files.writeString(
                    home.resolve(".config/drydock/registries.json"),
                    "{\"registries\":{\"" + fake.host() + "\":{\"mirrors\":[\"" + mirror.host() + "/hub\"]}}}");
            Registries with = registries(Map.of());
            try {
                Repository repository = with.repository(ImageRef.parse(fake.host() + "/library/app:1"));
                assertThat(repository.find()).isInstanceOf(Lookup.Found.class);
                assertThat(mirror.requests).containsExactly("GET /v2/", "HEAD /v2/hub/library/app/manifests/1");

                mirror.manifest("hub/library/app", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
                fake.requests.clear();
                assertThat(repository.find()).isInstanceOf(Lookup.Found.class);
                assertThat(fake.requests).isEmpty();
            } finally {
                with.close();
            }
        }
    }

    @Test
    void nothingListeningIsSaidWithWhatToDo() throws Exception {
        try (SilentPort silent = new SilentPort()) {
            Repository nowhere = registries.repository(ImageRef.parse("127.0.0.1:" + silent.port() + "/app:1"));

            assertThatThrownBy(nowhere::find).isInstanceOfSatisfying(RemoteFault.class, fault -> {
                assertThat(fault.text()).contains("failed to do request: Head").endsWith("connect: connection refused");
                assertThat(fault.hints()).isNotEmpty();
            });
        }
    }

    @Test
    void anUploadIsWholeAndGoesOnWhereItBroke() throws Exception {
        byte[] bytes = random(400_000);
        fake.next("PUT", exchange -> {
            String path = exchange.getRequestURI().getPath();
            fake.keep(
                    path.substring(path.lastIndexOf('/') + 1),
                    new byte[0],
                    exchange.getRequestBody().readNBytes(150_000));
            exchange.close();
            return true;
        });

        repository("app").upload(blob(bytes), out -> out.write(bytes));

        assertThat(fake.blobs).containsEntry(Digest.of(bytes).toString(), bytes);
        assertThat(fake.requests).anyMatch(line -> line.startsWith("PATCH "));
    }

    @Test
    void aStreamedUploadBeginsAnewAndTellsWhatItWas() throws Exception {
        byte[] bytes = random(700_000);
        fake.nextStatus("PATCH", 502);

        Descriptor made = repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));

        assertThat(made).isEqualTo(new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length));
        assertThat(fake.blobs).containsKey(made.digest().toString());
    }

    /** Foreign layers: the registry comes first, then the addresses of the descriptor, which learn nothing of who asks. */
    @Test
    void whatTheRegistryDoesNotHaveComesFromItsDescriptorsAddresses() throws Exception {
        credentials("\"auth\":\"dTpw\"");
        fake.basic("u", "p");
        byte[] bytes = random(300_000);
        try (FakeRegistry other = new FakeRegistry()) {
            String digest = other.blob(bytes).toString();
            other.nextCut("GET /v2/far/blobs/", 100_000, bytes);
            Descriptor foreign = new Descriptor(
                    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                    Digest.of(bytes),
                    bytes.length,
                    null,
                    Map.of(),
                    List.of(
                            "ftp://example.invalid/x",
                            "http://" + other.host() + "/v2/far/blobs/sha256:" + "0".repeat(64),
                            "http://" + other.host() + "/v2/far/blobs/" + digest));
            try (InputStream in = repository("app").blob(foreign)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
            assertThat(fake.requests).anyMatch(line -> line.startsWith("GET /v2/app/blobs/" + digest));
            assertThat(other.requests)
                    .noneMatch(line -> line.contains("Basic"))
                    .last()
                    .asString()
                    .endsWith(" bytes=100000-");
            other.blobs.clear();
            assertThatThrownBy(() -> {
                        try (InputStream in = repository("app").blob(foreign)) {
                            in.readAllBytes();
                        }
                    })
                    .hasMessageContaining("it is a foreign layer")
                    .hasMessageContaining("nor do the addresses that its manifest names");
        }
    }

    @Test
    void aStreamedUploadGoesOnWhereItBroke() throws Exception {
        byte[] bytes = random(900_000);
        fake.next("PATCH", exchange -> {
            String path = exchange.getRequestURI().getPath();
            fake.keep(
                    path.substring(path.lastIndexOf('/') + 1),
                    new byte[0],
                    exchange.getRequestBody().readNBytes(300_000));
            exchange.close();
            return true;
        });

        Descriptor made = repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));

        assertThat(made).isEqualTo(new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length));
        assertThat(fake.blobs).containsEntry(made.digest().toString(), bytes);
        assertThat(fake.requests)
                .filteredOn(line -> line.startsWith("PATCH "))
                .hasSize(2)
                .last()
                .asString()
                .endsWith(" 300000-899999");
        assertThat(fake.requests).filteredOn(line -> line.startsWith("POST ")).hasSize(1);
    }

    /** 200,000 bytes in parts of 64 KB; the answer is what the registry was sent, part by part. */
    private List<String> streamedInParts(byte[] bytes) throws Exception {
        try (Registries parts = registries(Map.of("DRYDOCK_UPLOAD_PART", "64"))) {
            Descriptor made = parts.repository(ImageRef.parse(fake.host() + "/app")).stream(
                    MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));

            assertThat(made).isEqualTo(new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length));
            assertThat(fake.blobs).containsEntry(made.digest().toString(), bytes);
        }
        return fake.requests.stream()
                .map(line -> line.split(" ")[0])
                .filter(method -> !method.equals("GET"))
                .toList();
    }

    @Test
    void aStreamedUploadGoesInParts() throws Exception {
        fake.keepsUploadsOpen();

        assertThat(streamedInParts(random(200_000))).containsExactly("POST", "PATCH", "PATCH", "PATCH", "PATCH", "PUT");
    }

    @Test
    void nothingFollowsTheLastPart() throws Exception {
        fake.keepsUploadsOpen();

        assertThat(streamedInParts(random(2 * 64 * 1024))).containsExactly("POST", "PATCH", "PATCH", "PUT");
    }

    @Test
    void whereAPartIsNotTakenEverythingGoesInOne() throws Exception {
        fake.keepsUploadsOpen();
        fake.next("PATCH", _ -> {
            fake.nextStatus("PATCH", 400);
            return false;
        });

        assertThat(streamedInParts(random(200_000)))
                .containsExactly("POST", "PATCH", "PATCH", "DELETE", "POST", "PATCH", "PUT");
    }

    @Test
    void whereNobodySaysWhatHasComeEverythingGoesInOne() throws Exception {
        assertThat(streamedInParts(random(200_000))).containsExactly("POST", "PATCH", "DELETE", "POST", "PATCH", "PUT");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500})
    void whatIsSaidToAnUploadThatIsGivenUpDoesNotMatter(int status) throws Exception {
        fake.nextStatus("DELETE", status);

        assertThat(streamedInParts(random(200_000))).endsWith("POST", "PATCH", "PUT");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void whoMayNotSendAPartSendsNothingMore(int status) {
        fake.keepsUploadsOpen();
        fake.next("PATCH", _ -> {
            fake.nextStatus("PATCH", status);
            return false;
        });

        assertThatThrownBy(() -> streamedInParts(random(200_000)))
                .isInstanceOf(RemoteFault.class)
                .hasMessageContaining("push access denied");
        assertThat(fake.requests).filteredOn(line -> line.startsWith("POST ")).hasSize(1);
    }

    @Test
    void anUploadInPartsGoesOnWhereItBroke() throws Exception {
        fake.keepsUploadsOpen();
        fake.next("PATCH", _ -> {
            fake.next("PATCH", exchange -> {
                String path = exchange.getRequestURI().getPath();
                String id = path.substring(path.lastIndexOf('/') + 1);
                fake.keep(id, fake.uploaded(id), exchange.getRequestBody().readNBytes(10_000));
                exchange.close();
                return true;
            });
            return false;
        });

        assertThat(streamedInParts(random(200_000))).containsExactly("POST", "PATCH", "PATCH", "PATCH", "PUT");
        assertThat(fake.requests)
                .filteredOn(line -> line.startsWith("PATCH "))
                .last()
                .asString()
                .endsWith(" " + (64 * 1024 + 10_000) + "-199999");
    }

    @Test
    void aPartIsNotSentWithATokenThatIsNoLongerGood() throws Exception {
        credentials("\"auth\":\"dTpw\"");
        fake.bearer("u", "p");
        fake.keepsUploadsOpen();
        fake.next("PATCH", _ -> {
            fake.revoke("t1");
            return false;
        });

        assertThat(streamedInParts(random(200_000))).endsWith("PUT");
    }

    @Test
    void onlyARegistryThatIsNearAndKeepsUploadsOpenGetsParts() throws Exception {
        byte[] bytes = random(17 << 20);

        repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));
        assertThat(fake.requests).filteredOn(line -> line.startsWith("PATCH ")).hasSize(1);

        fake.keepsUploadsOpen();
        repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));
        assertThat(fake.requests).filteredOn(line -> line.startsWith("PATCH ")).hasSize(1 + 2);
    }

    /** A source that fails between two parts is not taken for a broken connection. */
    @Test
    void theSourcesOwnFaultEndsAnUploadInParts() {
        fake.keepsUploadsOpen();
        try (Registries parts = registries(Map.of("DRYDOCK_UPLOAD_PART", "64"))) {
            Repository repository = parts.repository(ImageRef.parse(fake.host() + "/app"));

            assertThatThrownBy(() -> repository.stream(MediaTypes.OCI_LAYER_GZIP, out -> {
                        out.write(random(64 * 1024));
                        throw new CorruptData("read layer: it has changed");
                    }))
                    .isInstanceOf(CorruptData.class);
        }
        assertThat(fake.requests).noneMatch(line -> line.startsWith("PUT "));
    }

    /** What the registry has is more than there is to send: then it is of no use. */
    @Test
    void aStreamedUploadOfWhichTheRegistryHasTooMuchBeginsAnew() throws Exception {
        byte[] bytes = random(200_000);
        fake.next("PATCH", exchange -> {
            String path = exchange.getRequestURI().getPath();
            exchange.getRequestBody().readAllBytes();
            fake.keep(path.substring(path.lastIndexOf('/') + 1), new byte[0], random(300_000));
            exchange.close();
            return true;
        });

        Descriptor made = repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));

        assertThat(fake.blobs).containsEntry(made.digest().toString(), bytes);
        assertThat(fake.requests).filteredOn(line -> line.startsWith("POST ")).hasSize(2);
    }

    @Test
    void anUploadWhoseLastAnswerWasLostIsNotSentAgain() throws Exception {
        byte[] bytes = random(100_000);
        fake.next("PUT", exchange -> {
            exchange.getRequestBody().readAllBytes();
            fake.blob(bytes); // it is there, but nobody hears of it
            exchange.close();
            return true;
        });

        repository("app").stream(MediaTypes.OCI_LAYER_GZIP, out -> out.write(bytes));

        assertThat(fake.requests).filteredOn(line -> line.startsWith("PATCH ")).hasSize(1);
        assertThat(fake.requests.getLast()).startsWith("HEAD /v2/app/blobs/");
    }

    @Test
    void anUploadThatWasDamagedOnItsWayBeginsAnew() throws Exception {
        byte[] bytes = random(100_000);
        fake.next("PUT", exchange -> {
            exchange.getRequestBody().readAllBytes();
            FakeRegistry.answer(
                    exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"no\"}]}".getBytes());
            return true;
        });

        repository("app").upload(blob(bytes), out -> out.write(bytes));

        assertThat(fake.blobs).containsEntry(Digest.of(bytes).toString(), bytes);
        assertThat(fake.requests).filteredOn(line -> line.startsWith("POST ")).hasSize(2);
    }

    @Test
    void whatAMirrorSpoilsIsAskedForAtTheRegistry() throws Exception {
        byte[] bytes = random(1000);
        fake.blob(bytes);
        try (FakeRegistry mirror = new FakeRegistry()) {
            mirror.blobs.put(Digest.of(bytes).toString(), random(999));
            Path file = Files.writeString(
                    home.resolve("mirrors.json"),
                    "{\"registries\":{\"" + fake.host() + "\":{\"mirrors\":[\"" + mirror.host() + "\"]}}}");
            Registries with = registries(Map.of("DRYDOCK_REGISTRIES", file.toString()));
            try {
                Repository repository = with.repository(ImageRef.parse(fake.host() + "/app"));
                try (InputStream in = repository.blob(blob(bytes))) {
                    assertThat(in.readNBytes(999)).isNotEqualTo(bytes); // whoever keeps it finds out
                }
                try (InputStream in = repository.blob(blob(bytes))) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            } finally {
                with.close();
            }
        }
    }

    @Test
    void aFaultOfTheSourceIsNotTheRegistrys() {
        assertThatThrownBy(() -> repository("app").stream(MediaTypes.OCI_LAYER_TAR, _ -> {
                    throw new CorruptData("read layer: damaged");
                }))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read layer: damaged");
        assertThat(waits).isEmpty();
    }

    @Test
    void aBlobIsMountedFromAnotherRepository() throws Exception {
        Digest digest = fake.blob(random(10));

        assertThat(repository("app").mount(digest, "other")).isTrue();
        assertThat(repository("app").mount(Digest.of(new byte[] {9}), "other")).isFalse();
        assertThat(fake.requests.getLast()).startsWith("DELETE ");
    }

    @Test
    void manifestsAndTagsRoundTrip() throws Exception {
        repository("app").put(MANIFEST, MediaTypes.OCI_MANIFEST, "v2");
        repository("app").put(MANIFEST, MediaTypes.OCI_MANIFEST, "v1");

        assertThat(repository("app").tags()).containsExactly("v1", "v2");
        assertThat(repository("app").hasManifest(Digest.of(MANIFEST))).isTrue();
    }
}
