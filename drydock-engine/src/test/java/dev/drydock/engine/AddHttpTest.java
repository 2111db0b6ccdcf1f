package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.DrydockException;
import dev.drydock.house.Requires;
import dev.drydock.oci.Digest;
import dev.drydock.source.WebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADD of a web address, from Dockerfile to image. */
class AddHttpTest {
    private static final String TIME = "Tue, 15 Nov 1994 12:45:26 GMT";

    @TempDir
    Path directory;

    private WebServer web;
    private Drydock drydock;
    private Path context;
    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        web = WebServer.start();
        drydock = Drydock.open(directory.resolve("store"));
        context = Files.createDirectory(directory.resolve("context"));
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
            web.close();
        }
    }

    private BuildResult build(String... lines) throws IOException, InterruptedException {
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n" + String.join("\n", lines) + "\n");
        events.clear();
        return drydock.build(BuildRequest.of(context), events::add);
    }

    private List<String> files(BuildResult result) throws IOException, InterruptedException {
        return BuiltFiles.of(drydock, result.imageId().toString()).lines();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theFileHasTheModeTimeAndNameThatBuildKitGivesIt() throws Exception {
        web.file("/dir/a.tgz", bytes("not unpacked"), "", TIME);
        web.file("/b%20c", bytes("odd name"), "", "");
        web.file("/", bytes("no name"), "", "");
        web.page("/named", exchange -> {
            exchange.getResponseHeaders().add("Content-Disposition", "attachment; filename=\"../other\"");
            WebServer.send(exchange, bytes("by its address"));
        });
        BuildResult result = build(
                "ADD " + web.url("/dir/a.tgz?x=1#y") + " /d/",
                "ADD " + web.url("/dir/a.tgz") + " /renamed",
                "ADD --chmod=755 --chown=5:6 " + web.url("/dir/a.tgz") + " /owned/",
                "ADD " + web.url("/b%20c") + " " + web.url("/") + " /e/",
                "ADD " + web.url("/named") + " /f/");
        BuiltFiles files = BuiltFiles.of(drydock, result.imageId().toString());
        assertThat(files.lines())
                .containsExactly(
                        "d d755 0:0",
                        "d/a.tgz -600 0:0 \"not unpacked\"",
                        "e d755 0:0",
                        "e/__unnamed__ -600 0:0 \"no name\"",
                        "e/b c -600 0:0 \"odd name\"",
                        "f d755 0:0",
                        "f/named -600 0:0 \"by its address\"",
                        "owned d755 5:6",
                        "owned/a.tgz -755 5:6 \"not unpacked\"",
                        "renamed -600 0:0 \"not unpacked\"");
        assertThat(files.at("d/a.tgz").modified()).isEqualTo(Instant.parse("1994-11-15T12:45:26Z"));
        assertThat(files.at("e/b c").modified()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aDownloadIsUnpackedWhereItIsAskedForAndIsAnArchive() throws Exception {
        web.file("/a.tgz", RemoteImages.gzip(RemoteImages.tar("d/f", "one")), "", TIME);
        web.file("/plain", bytes("no archive"), "", "");
        BuildResult result = build(
                "ADD --unpack " + web.url("/a.tgz") + " /x/",
                "ADD --unpack=true --chown=5:6 " + web.url("/a.tgz") + " /y",
                "ADD --unpack=false " + web.url("/a.tgz") + " /kept/",
                "ADD --unpack " + web.url("/plain") + " /z/");
        assertThat(files(result))
                .contains(
                        "x d755 0:0",
                        "x/d d755 0:0",
                        "x/d/f -644 0:0 \"one\"",
                        "y/d/f -644 5:6 \"one\"",
                        "z/plain -600 0:0 \"no archive\"")
                .anyMatch(line -> line.startsWith("kept/a.tgz -600 0:0"))
                .noneMatch(line -> line.startsWith("x/a.tgz") || line.startsWith("kept/d"));
        assertThat(build("ADD --unpack " + web.url("/a.tgz") + " /x/").imageId())
                .isNotNull();
        assertThat(events).as("the same step again").anyMatch(BuildEvent.Cached.class::isInstance);
    }

    @Test
    void anUnchangedFileIsAskedForAndTheStepIsCached() throws Exception {
        web.file("/a", bytes("one"), "\"1\"", "");
        BuildResult first = build("ADD " + web.url("/a") + " /");
        assertThat(events).noneMatch(BuildEvent.Cached.class::isInstance);
        assertThat(build("ADD " + web.url("/a") + " /")).isEqualTo(first);
        assertThat(events).anyMatch(BuildEvent.Cached.class::isInstance);
        assertThat(web.asked()).containsExactly("GET /a", "GET /a", "304 /a");

        web.file("/a", bytes("two"), "\"2\"", "");
        assertThat(files(build("ADD " + web.url("/a") + " /"))).containsExactly("a -600 0:0 \"two\"");
        // Another address with the same bytes, time and name is the same file.
        web.asked();
        web.file("/mirror/a", bytes("two"), "\"x\"", "");
        build("ADD " + web.url("/mirror/a") + " /");
        assertThat(events).anyMatch(BuildEvent.Cached.class::isInstance);
    }

    @Test
    void aChecksumIsCheckedAndSavesTheQuestion() throws Exception {
        web.file("/a", "right");
        Digest right = Digest.of(bytes("right"));
        String line = "ADD --checksum=" + right + " " + web.url("/a") + " /";
        BuildResult first = build(line);
        web.asked();
        assertThat(build(line)).isEqualTo(first);
        assertThat(web.asked()).isEmpty();

        Digest wrong = Digest.of(bytes("wrong"));
        assertThatThrownBy(() -> build("ADD --checksum=" + wrong + " " + web.url("/a") + " /"))
                .isInstanceOfSatisfying(DrydockException.class, fault -> {
                    assertThat(fault.text()).isEqualTo("digest mismatch " + right + ": " + wrong);
                    assertThat(fault.range())
                            .hasValueSatisfying(
                                    range -> assertThat(range.startLine()).isEqualTo(2));
                });
    }

    @Test
    void aSecretOpensTheServerAndStaysOutOfTheImage() throws Exception {
        web.page("/private", exchange -> {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            if ("Bearer geheim".equals(shown)) {
                WebServer.send(exchange, bytes("inside"));
            } else {
                exchange.sendResponseHeaders(401, -1);
            }
        });
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD " + web.url("/private") + " /\n");
        BuildRequest without = BuildRequest.of(context);
        assertThatThrownBy(() -> drydock.build(without, events::add)).hasMessage("invalid response status 401");
        RunSettings settings = RunSettings.DEFAULT.withSecrets(
                java.util.Map.of("HTTP_AUTH_TOKEN_" + web.host(), new Secret.OfValue(bytes("geheim"))));
        BuildResult result = drydock.build((BuildRequest) new RequestCopy(without).with("run", settings), events::add);
        assertThat(files(result)).containsExactly("private -600 0:0 \"inside\"");
        assertThat(new String(drydock.rawConfig(result.imageId()), StandardCharsets.UTF_8))
                .doesNotContain("geheim");
        assertThat(events.toString()).doesNotContain("geheim");
    }

    @Test
    void aFailureBelongsToItsStepAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> build("ADD " + web.url("/none") + " /"))
                .isInstanceOfSatisfying(DrydockException.class, fault -> {
                    assertThat(fault.text()).isEqualTo("invalid response status 404");
                    assertThat(fault.range()).isPresent();
                });
        assertThat(events)
                .filteredOn(BuildEvent.Failed.class::isInstance)
                .singleElement()
                .satisfies(event ->
                        assertThat(((BuildEvent.Failed) event).message()).isEqualTo("invalid response status 404"));
        try (var leases = Files.list(directory.resolve("store/tmp"))) {
            assertThat(leases).allSatisfy(lease -> assertThat(lease).isEmptyDirectory());
        }
    }
}
