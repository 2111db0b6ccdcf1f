package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.CacheEntry;
import dev.drydock.engine.DiskUsage;
import dev.drydock.engine.PruneRequest;
import dev.drydock.engine.StoreProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code prune}, {@code df} and {@code du} in the words and columns of Docker's and buildx's recorded sessions. */
class SpaceCommandsTest {
    private static final CacheEntry STEP =
            entry("ruzyvul5b", 2, false, false, false, 8_192, "[2/2] RUN make", "regular", "o1n990mqi");
    private static final CacheEntry SHARED =
            entry("o1n990mqi", 8, false, false, true, 6_342_000, "[1/2] COPY . /src", "regular");
    private static final CacheEntry MOUNT = entry(
            "0123456789ab-0", 3700, true, false, false, 12_288, "cached mount /c with id \"c\"", "exec.cachemount");
    private static final CacheEntry RUNNING = entry("running11", 0, false, true, false, 4_096, "being made", "regular");

    private final Screenplay play = new Screenplay()
            .image(1, "2026-11-23T17:19:55Z", 3_160_000, "team=web", "hello:latest", "hello:2")
            .image(2, "2026-11-23T17:19:14Z", 3_160_000, "")
            .image(3, "2026-02-20T00:00:00Z", 3_150_000, "", "alpine:3.18");

    private static CacheEntry entry(
            String id,
            long ago,
            boolean mutable,
            boolean inUse,
            boolean shared,
            long size,
            String description,
            String type,
            String... parents) {
        Instant used = Screenplay.NOW.minusSeconds(ago);
        return new CacheEntry(id, List.of(parents), used, used, 3, mutable, inUse, shared, size, description, type);
    }

    @BeforeEach
    void usage() {
        play.usage = new DiskUsage(
                List.of(
                        new DiskUsage.ImageUsage(play.images.get(0), 3_158_374, 3_154_000),
                        new DiskUsage.ImageUsage(play.images.get(1), 3_158_150, 3_154_000)),
                6_350_000,
                45_800,
                List.of(STEP, SHARED, MOUNT, RUNNING),
                1_800_000);
    }

    private String out(String... words) {
        assertThat(play.run(words)).as(play.err).isZero();
        assertThat(play.err).isEmpty();
        return play.out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n\n", "yes\n", "\n"})
    void withoutAYesNothingGoes(String answer) {
        play.in = answer;
        assertThat(out("image", "prune"))
                .isEqualTo("WARNING! This will remove all dangling images.\n"
                        + "Are you sure you want to continue? [y/N] ");
        assertThat(out("image", "prune", "-a"))
                .startsWith(
                        "WARNING! This will remove all images without at least one container associated to them.\n");
        assertThat(out("builder", "prune"))
                .isEqualTo(
                        "WARNING! This will remove all dangling build cache. Are you sure you want to continue? [y/N] ");
        assertThat(out("buildx", "prune", "-a")).startsWith("WARNING! This will remove all build cache. Are you sure");
        assertThat(out("system", "prune")).isEqualTo("""
                WARNING! This will remove:
                  - all dangling images
                  - unused build cache

                Are you sure you want to continue? [y/N]\s""");
        assertThat(play.pruned).isEmpty();
    }

    @Test
    void imagesGoAfterAYes() {
        play.in = "y\n";
        assertThat(out("image", "prune"))
                .endsWith(
                        "[y/N] Deleted Images:\ndeleted: " + Screenplay.id(2) + "\n\nTotal reclaimed space: 5.006kB\n");
        assertThat(out("image", "prune", "-af")).isEqualTo("""
                Deleted Images:
                untagged: hello:latest
                untagged: hello:2
                deleted: sha256:%1$s1
                deleted: sha256:%1$s2
                untagged: alpine:3.18
                deleted: sha256:%1$s3

                Total reclaimed space: 5.006kB
                """.formatted(Screenplay.BASE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "until=240h~3",
                "label=team~1",
                "label=team=web~1",
                "label!=team~2 3",
                "label!=team=db~1 2 3",
            })
    void imagesByFilter(String filter, String numbers) {
        String all = out("image", "prune", "-af", "--filter", filter);
        List<String> deleted = all.lines()
                .filter(line -> line.startsWith("deleted: "))
                .map(line -> line.substring(line.length() - 1))
                .toList();
        assertThat(String.join(" ", deleted)).isEqualTo(numbers);
    }

    @Test
    void wrongFiltersAreRefused() {
        assertThat(play.run("image", "prune", "-f", "--filter", "foo=bar")).isOne();
        assertThat(play.err).startsWith("Error response from daemon: invalid filter 'foo'\n");
        assertThat(play.run("image", "prune", "-f", "--filter", "foo")).isEqualTo(125);
        assertThat(play.err).startsWith("invalid argument \"foo\" for \"--filter\" flag: bad format of filter");
        assertThat(play.run("builder", "prune", "-f", "--filter", "colour=red")).isOne();
        assertThat(play.err).contains("invalid filter 'colour=red'").contains("Known are: until=TIME");
        assertThat(play.run("image", "prune", "x")).isOne();
        assertThat(play.err).startsWith("drydock: 'drydock image prune' accepts no arguments\n");
        assertThat(play.run("builder", "prune", "-f", "--max-used-space", "much"))
                .isEqualTo(125);
        assertThat(play.err)
                .startsWith("invalid argument \"much\" for \"--max-used-space\" flag: invalid size: 'much'");
        assertThat(play.pruned).isEmpty();
    }

    @Test
    void theCacheGoesWithATableOfTabs() {
        assertThat(out("builder", "prune", "-f", "--filter", "inuse=false"))
                .isEqualTo("ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED\n"
                        + "ruzyvul5b                               \ttrue \t8.192kB   \t2 seconds ago\n"
                        + "o1n990mqi                               \ttrue \t6.342MB*  \t8 seconds ago\n"
                        + "0123456789ab-0*                         \ttrue \t12.29kB   \tAbout an hour ago\n"
                        + "Total:\t5.006kB\n");
        assertThat(play.pruned.getFirst().images()).isEqualTo(PruneRequest.Images.NONE);
        play.usage = new DiskUsage(List.of(), 0, 0, List.of(), 0);
        assertThat(out("builder", "prune", "-af")).isEqualTo("Total:\t0B\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=exec.cachemount|0123456789ab-0*",
                "type!=regular|0123456789ab-0*",
                "id=ruzyvul5b|ruzyvul5b",
                "id~=1|0123456789ab-0* o1n990mqi running11",
                "description~=RUN|ruzyvul5b",
                "parents=o1n990mqi|ruzyvul5b",
                "until=1h|0123456789ab-0*",
                "inuse|running11",
                "mutable|0123456789ab-0*",
                "immutable|o1n990mqi running11 ruzyvul5b",
                "shared|o1n990mqi",
                "shared=false|0123456789ab-0* running11 ruzyvul5b",
                "private|0123456789ab-0* running11 ruzyvul5b",
            })
    void theCacheByFilter(String filter, String ids) {
        List<String> shown = out("du", "--filter", filter)
                .lines()
                .skip(1)
                .filter(line -> !line.contains(":\t"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .sorted()
                .toList();
        assertThat(String.join(" ", shown)).isEqualTo(ids);
        out("builder", "prune", "-f", "--filter", filter);
        PruneRequest request = play.pruned.getLast();
        assertThat(play.usage.cache().stream()
                        .filter(request.whichCache())
                        .map(entry -> entry.id() + (entry.mutable() ? "*" : ""))
                        .sorted()
                        .toList())
                .isEqualTo(shown);
    }

    @Test
    void limitsAreBytesWithBinaryUnits() {
        out("builder", "prune", "-f", "--max-used-space", "1.5GB", "--reserved-space=512", "--min-free-space", "10kb");
        PruneRequest request = play.pruned.getFirst();
        assertThat(request.maxUsed()).isEqualTo(3L << 29);
        assertThat(request.reserved()).isEqualTo(512);
        assertThat(request.minFree()).isEqualTo(10_240);
        assertThat(play.run("builder", "prune", "-f", "--keep-storage", "1GB")).isZero();
        assertThat(play.err)
                .isEqualTo("Flag --keep-storage has been deprecated, keep-storage flag has been changed to"
                        + " reserved-space\n");
        assertThat(play.pruned.getLast().reserved()).isEqualTo(1L << 30);
    }

    @Test
    void pruneTakesImagesAndCache() {
        assertThat(out("prune", "-f")).isEqualTo("""
                Deleted Images:
                deleted: %s

                Deleted build cache objects:
                ruzyvul5b
                o1n990mqi
                0123456789ab-0
                running11

                Total reclaimed space: 5.006kB
                """.formatted(Screenplay.id(2)));
        assertThat(out("prune", "--dry-run", "--filter", "type=exec.cachemount"))
                .isEqualTo("""
                Build cache objects to delete:
                0123456789ab-0

                Total reclaimable space: 5.006kB
                """);
        assertThat(play.pruned.getLast().dryRun()).isTrue();
        out("prune", "-f", "--filter", "label=team=web");
        assertThat(play.pruned.getLast().cache())
                .as("a label is of images only")
                .isFalse();
    }

    @Test
    void theUsersConfigurationFiltersToo(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"pruneFilters\": [\"label!=team\"]}");
        play.environment.put("HOME", home.toString());
        assertThat(out("image", "prune", "-af")).doesNotContain("hello").contains("alpine");
        assertThat(out("image", "prune", "-af", "--filter", "label=team"))
                .as("the command line says the contrary")
                .contains("hello")
                .doesNotContain("alpine");
    }

    @Test
    void dfIsATable() {
        assertThat(out("df")).isEqualTo("""
                TYPE          TOTAL     ACTIVE    SIZE      RECLAIMABLE
                Images        2         1         6.35MB    45.8kB (0%)
                Build Cache   4         1         24.58kB   20.48kB (83%)
                Database      1         1         1.8MB     0B (0%)
                """);
        assertThat(out("system", "df", "--format", "json").lines().findFirst().orElseThrow())
                .isEqualTo("{\"Active\":\"1\",\"Reclaimable\":\"45.8kB (0%)\",\"Size\":\"6.35MB\","
                        + "\"TotalCount\":\"2\",\"Type\":\"Images\"}");
        assertThat(out("df", "--format", "{{.Type}} {{.Size}}"))
                .isEqualTo("Images 6.35MB\nBuild Cache 24.58kB\nDatabase 1.8MB\n");
        assertThat(out("df", "-v")).startsWith("""
                Images space usage:

                REPOSITORY   TAG       IMAGE ID       CREATED          SIZE      SHARED SIZE   UNIQUE SIZE   CONTAINERS
                hello        latest    9f2d70ecc50a   5 seconds ago    3.158MB   3.154MB       4.374kB       0
                hello        2         9f2d70ecc50a   5 seconds ago    3.158MB   3.154MB       4.374kB       0
                <none>       <none>    9f2d70ecc50a   46 seconds ago   3.158MB   3.154MB       4.15kB        0

                Build cache usage: 24.58kB

                CACHE ID         CACHE TYPE        SIZE      CREATED """).endsWith("\nDatabase usage: 1.8MB\n\nTotal: 8.175MB\n");
    }

    @Test
    void dfTellsProgramsOfEveryImageAndEntry() {
        assertThat(out("system", "df", "-v", "--format", "json"))
                .startsWith(
                        "{\"Images\":[{\"Containers\":\"0\",\"CreatedAt\":\"2026-11-23 17:19:55 +0000 UTC\","
                                + "\"CreatedSince\":\"5 seconds ago\",\"Digest\":\"\\u003cnone\\u003e\",\"ID\":\"sha256:9f2d70ecc50a")
                .contains(
                        "\"Repository\":\"hello\",\"SharedSize\":\"3.154MB\",\"Size\":\"3.158MB\",\"Tag\":\"latest\","
                                + "\"UniqueSize\":\"4.374kB\"}",
                        "\"Repository\":\"\\u003cnone\\u003e\"",
                        "],\"Containers\":[],\"Volumes\":[],\"BuildCache\":[{\"CacheType\":\"regular\",")
                .endsWith("\"Shared\":\"false\",\"Size\":\"4.096kB\",\"UsageCount\":\"3\"}]}\n");
        assertThat(
                        out(
                                "df",
                                "-v",
                                "--format",
                                "{{range .Images}}{{.Repository}} {{.UniqueSize}}, {{end}}{{len .BuildCache}} {{len .Volumes}}"))
                .isEqualTo("hello 4.374kB, <none> 4.15kB, 4 0\n");
        assertThat(play.run("df", "-v", "--format", "{{.Nothing}}")).isOne();
        assertThat(play.err).contains("template parsing error: ");
    }

    @Test
    void duIsATableWithTotals() {
        assertThat(out("buildx", "du")).isEqualTo("""
                ID                RECLAIMABLE   SIZE       LAST ACCESSED
                running11         false         4.096kB    Less than a second ago
                ruzyvul5b         true          8.192kB    2 seconds ago
                o1n990mqi         true          6.342MB*   8 seconds ago
                0123456789ab-0*   true          12.29kB    About an hour ago
                Shared:\t\t6.342MB
                Private:\t24.58kB
                Reclaimable:\t6.362MB
                Total:\t\t6.367MB
                """);
        assertThat(out("du", "--verbose", "--filter", "id=ruzyvul5b")).isEqualTo("""
                ID:\t\truzyvul5b
                Parent:\t\to1n990mqi
                Created at:\t2026-11-23 17:19:58 +0000 UTC
                Mutable:\tfalse
                Reclaimable:\ttrue
                Shared:\t\tfalse
                Size:\t\t8.192kB
                Description:\t[2/2] RUN make
                Usage count:\t3
                Last used:\t2 seconds ago
                Type:\t\tregular

                Reclaimable:\t8.192kB
                Total:\t\t8.192kB
                """);
        assertThat(out("du", "--format", "{{.Type}} {{.UsageCount}} {{.Description}}", "--filter", "shared"))
                .isEqualTo("regular 3 [1/2] COPY . /src\n");
    }

    @Test
    void fsckNamesWhatIsWrongAndFails() {
        assertThat(out("fsck")).isEqualTo("checked 3 images, 2 layers, 1 blob, 1 cache record: all is well\n");
        play.problems = List.of(
                new StoreProblem("layer", "abcdefghi", "/etc/passwd has other bytes", List.of("hello:latest")),
                new StoreProblem("leftover", "layers/x", "nothing refers to it", List.of()));
        assertThat(play.run("fsck")).isOne();
        assertThat(play.out).isEqualTo("""
                layer abcdefghi: /etc/passwd has other bytes (image hello:latest)
                leftover layers/x: nothing refers to it
                checked 3 images, 2 layers, 1 blob, 1 cache record: 2 problems
                """);
        assertThat(play.err).isEqualTo("hint: drydock fsck --repair mends what can be mended.\n");
        assertThat(out("fsck", "--repair"))
                .endsWith("mended or dropped: 2 problems\n"
                        + "checked 3 images, 2 layers, 1 blob, 1 cache record: 2 problems, repaired\n");
        play.left = List.of("image hello:latest is not whole: build, import or load it again");
        assertThat(play.run("fsck", "--repair")).isOne();
        assertThat(play.out).contains("left: image hello:latest is not whole");
    }

    @ParameterizedTest
    @CsvSource({
        "DRYDOCK_STORE_CEILING, lots, DRYDOCK_STORE_CEILING: \"lots\" is neither a size nor a share of the disk",
        "DRYDOCK_STORE_CEILING, 101%, DRYDOCK_STORE_CEILING: \"101%\" is neither a size nor a share of the disk",
    })
    void aCeilingThatMakesNoSenseIsRefusedBeforeAnythingIsDone(String variable, String value, String message) {
        play.environment.put(variable, value);
        assertThat(play.run("pull", "alpine")).isOne();
        assertThat(play.err).contains(message).contains("hint: Write 20GB, 60% or off.");
        assertThat(play.out).isEmpty();
        play.environment.put(variable, "20GB");
        assertThat(play.run("pull", "-q", "alpine", "--store-ceiling", "off")).isZero();
    }
}
