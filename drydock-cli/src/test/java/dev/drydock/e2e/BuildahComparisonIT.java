package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.e2e.SameImage.Case;
import dev.drydock.house.Requires;
import dev.drydock.source.GitServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same Dockerfile through Drydock and through {@code buildah bud}: every file with its type, mode, owner, time, target,
 * content and extended attributes, and the configuration. What differs is in {@code same-image/buildah-differences}, fact by
 * fact and with the reason; a line there that explains nothing any more fails too.
 */
class BuildahComparisonIT {
    /** The fact that the peer builds the Dockerfile at all. */
    private static final String BUILD = "build";

    private static SameImage images;
    private static Path peer;

    @TempDir
    static Path run; // podman takes 50 characters at most

    private static final Map<String, Map<String, String>> DIFFERENCES = new TreeMap<>();

    static Stream<Case> cases() throws Exception {
        return SameImage.cases().stream();
    }

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "buildah", "podman")) {
            Requires.program(program);
        }
        readDifferences();
        images = SameImage.create();
        peer = images.store().directory("peer");
        List<String> words = new ArrayList<>(List.of("import", "-q"));
        SameImage.BASE_CHANGES.forEach(change -> words.addAll(List.of("-c", change)));
        words.addAll(List.of(images.base().toString(), "localhost/base:1"));
        peer("podman", words).ok();
    }

    private static void readDifferences() throws Exception {
        for (String line : Files.readAllLines(SameImage.resource("buildah-differences"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] fields = line.split(" *[|] *", 3);
                Map<String, String> reasons = DIFFERENCES.computeIfAbsent(fields[0], _ -> new LinkedHashMap<>());
                assertThat(reasons.put(fields[1], fields[2])).as(line).isNull();
            }
        }
    }

    @AfterAll
    static void close() throws Exception {
        if (images != null) {
            Command.of("sh", "-c", "umount -l " + peer + "/store/overlay 2>/dev/null; true")
                    .run();
            images.close();
        }
    }

    private static Outcome peer(String program, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program, "--root", peer + "/store", "--runroot", run.toString(), "--storage-driver", "overlay"));
        command.addAll(words);
        return new Command(command).in(peer).run();
    }

    private static Outcome buildWithPeer(Case wanted) throws Exception {
        Path dockerfile = peer.resolve("Dockerfile");
        Files.writeString(dockerfile, wanted.text().replace("FROM base:", "FROM localhost/base:"));
        return peer(
                "buildah",
                List.of(
                        "bud",
                        "--layers=false",
                        "--runtime",
                        "runc",
                        "--network",
                        "host",
                        "--format",
                        "docker",
                        "--identity-label=false",
                        "-q",
                        "-f",
                        dockerfile.toString(),
                        "-t",
                        "localhost/same:1",
                        images.context().toString()));
    }

    private static SavedImage pushedByPeer() throws Exception {
        Path archive = peer.resolve("theirs.tar");
        Files.deleteIfExists(archive);
        peer("buildah", List.of("push", "-q", "localhost/same:1", "docker-archive:" + archive + ":same:1"))
                .ok();
        return SavedImage.read(archive);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameImage(Case wanted) throws Exception {
        Map<String, String> ours = images.build(wanted).facts();
        Map<String, String> explained = DIFFERENCES.getOrDefault(wanted.name(), Map.of());
        if (explained.containsKey(BUILD)) {
            assertThat(buildWithPeer(wanted).exit()).as("exit code of Buildah").isNotZero();
            return;
        }
        buildWithPeer(wanted).ok();
        compare(ours, pushedByPeer().facts(), explained);
    }

    /** Makes a context in the current directory. */
    private static final String CONTEXT = """
            umask 022
            mkdir d
            printf 'FROM scratch\\nCOPY . /all/\\nCOPY --chown=3:4 d/b /owned\\nCOPY --chmod=604 a /mode\\n' > Dockerfile
            printf 'hidden\\n' > .dockerignore
            for each in a hidden d/b; do echo $each > $each; done
            ln -s ../a d/link
            """;

    @Test
    void givesTheSameImageFromAnArchive() throws Exception {
        Path context = Files.createDirectory(peer.resolve("archive"));
        String more = """
                chmod 4751 a
                chown -h 1000:1001 a d d/link
                find . -exec touch -h -d @1000000000 {} +
                tar --numeric-owner -cf ../context.tar .
                """;
        Command.of("sh", "-eu", "-c", CONTEXT + more).in(context).run().ok();
        String archive = Files.readString(peer.resolve("context.tar"), StandardCharsets.US_ASCII);
        compareContexts("context-archive", "-", archive);
    }

    @Test
    void givesTheSameImageFromARepository() throws Exception {
        Requires.program("git");
        try (GitServer server = GitServer.start(peer.resolve("git"))) {
            Path work = server.repository("repo");
            Command.of("sh", "-eu", "-c", CONTEXT).in(work).run().ok();
            server.commit(work, "all");
            compareContexts("context-repository", server.url("repo.git") + "#main", "");
        }
    }

    private static void compareContexts(String name, String context, String in) throws Exception {
        images.store()
                .drydock("build", "-q", "-t", "same:1", context)
                .stdin(in)
                .run()
                .ok();
        Path archive = images.store().directory("saved").resolve("ours.tar");
        images.store().drydock("save", "-o", archive.toString(), "same:1").run().ok();
        Map<String, String> ours = SavedImage.read(archive).facts();
        List<String> words = List.of(
                "buildah",
                "--root",
                peer + "/store",
                "--runroot",
                run.toString(),
                "--storage-driver",
                "overlay",
                "bud",
                "--layers=false",
                "--format",
                "docker",
                "--identity-label=false",
                "-q",
                "-t",
                "localhost/same:1",
                context);
        new Command(words).in(peer).stdin(in).run().ok();
        Map<String, String> theirs = new TreeMap<>(pushedByPeer().facts());
        // Buildah leaves .git in a repository's tree; it is not the same from one day to the next.
        theirs.keySet().removeIf(fact -> fact.startsWith("/all/.git/") || fact.matches("/all/\\.git( .*)?"));
        compare(ours, theirs, DIFFERENCES.getOrDefault(name, Map.of()));
    }

    private static void compare(Map<String, String> ours, Map<String, String> theirs, Map<String, String> explained) {
        List<String> unexplained = new ArrayList<>();
        List<String> stale = new ArrayList<>(explained.keySet());
        TreeSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        names.removeAll(DIFFERENCES.getOrDefault("*", Map.of()).keySet());
        for (String name : names) {
            String our = ours.get(name);
            String their = theirs.get(name);
            if (!Objects.equals(our, their) && !stale.remove(name)) {
                unexplained.add(name + ": " + our + ", Buildah " + their);
            }
        }
        assertThat(unexplained).as("differences without a reason").isEmpty();
        assertThat(stale).as("reasons without a difference").isEmpty();
    }
}
