package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageCommandsTest {
    private final Screenplay play = new Screenplay()
            .image(
                    1,
                    "2026-11-23T17:19:55Z",
                    3_160_000,
                    "team=web",
                    "docker-rust-image:latest",
                    "docker-rust-image:v1.0.0")
            .image(2, "2026-11-23T17:19:14Z", 3_160_000, "")
            .image(3, "2026-02-20T00:00:00Z", 3_150_000, "", "alpine:3.18", "localhost:5000/team/hello:dev");

    private String out(String... words) {
        assertThat(play.run(words)).as(play.err).isZero();
        assertThat(play.err).isEmpty();
        return play.out;
    }

    @Test
    void imagesIsTheClassicTable() {
        assertThat(out("images")).isEqualTo("""
                REPOSITORY                  TAG       IMAGE ID       CREATED         SIZE
                docker-rust-image           latest    9f2d70ecc50a   5 seconds ago   3.16MB
                docker-rust-image           v1.0.0    9f2d70ecc50a   5 seconds ago   3.16MB
                alpine                      3.18      9f2d70ecc50a   9 months ago    3.15MB
                localhost:5000/team/hello   dev       9f2d70ecc50a   9 months ago    3.15MB
                """);
        play.images.clear();
        assertThat(out("image", "ls")).isEqualTo("REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n");
    }

    /** As recorded from Docker 29, but for the image IDs, which are those of configurations here. */
    @Test
    void onATerminalImagesAreSortedByNameWithWhatTheyTake() {
        play.terminals = new Session.Terminals(false, true, true);
        play.environment.put("COLUMNS", "80");
        String id = Screenplay.BASE.substring(0, 12);
        assertThat(out("images", "docker-rust-image")
                        .replace("\u001b", "^")
                        .lines()
                        .limit(3))
                .containsExactly(
                        " ".repeat(60)
                                + "^[1m^[106m^[30mi^[0m^[0m ^[96mInfo → ^[0m^[0m ^[38;5;0m^[48;5;14m U ^[0m In Use",
                        "^[39m^[1mIMAGE^[0m                      ^[39m^[1mID^[0m             ^[39m^[1mDISK USAGE^[0m"
                                + "   ^[39m^[1mCONTENT SIZE^[0m   ^[39m^[1mEXTRA^[0m",
                        "^[34m^[1mdocker-rust-image:latest^[0m   ^[39m" + id
                                + "^[0m       ^[39m4.23MB^[0m         ^[39m1.07MB^[0m        ");
        play.environment.put("NO_COLOR", "1");
        play.environment.put("COLUMNS", "90");
        assertThat(out("images", "-a")).isEqualTo("""
                %s Info ->  U In Use
                IMAGE                           ID             DISK USAGE   CONTENT SIZE   EXTRA
                alpine:3.18                     %2$s       4.22MB         1.07MB       \s
                docker-rust-image:latest        %2$s       4.23MB         1.07MB       \s
                docker-rust-image:v1.0.0        %2$s       4.23MB         1.07MB       \s
                localhost:5000/team/hello:dev   %2$s       4.22MB         1.07MB       \s
                <untagged>                      %2$s       4.23MB         1.07MB       \s
                """.formatted(" ".repeat(72), id));
        play.environment.put("COLUMNS", "60");
        assertThat(out("images", "docker-rust-image")).isEqualTo("""
                %s Info ->  U In Use
                IMAGE               ID             DISK USAGE   CONTENT SIZE
                docker-rust-image:latest
                                    %2$s       4.23MB         1.07MB
                docker-rust-image:v1.0.0
                                    %2$s       4.23MB         1.07MB
                """.formatted(" ".repeat(42), id));
        assertThat(out("images", "--format", "table", "alpine")).startsWith("REPOSITORY   TAG       IMAGE ID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "history --platform linux/arm64 alpine:3.18",
                "inspect --platform linux/arm64 alpine:3.18",
                "rmi --platform linux/arm64 -f alpine:3.18",
            })
    void anotherPlatformThanTheImagesIsRefused(String line) {
        assertThat(play.run(List.of(line.split(" ", -1)).toArray(String[]::new)))
                .isOne();
        assertThat(play.err)
                .isEqualTo("Error response from daemon: image with reference alpine:3.18 was found but does not provide"
                        + " the specified platform (linux/arm64)\n");
    }

    @Test
    void thePlatformOfTheImageWillDo() {
        assertThat(out("history", "-q", "--platform", "linux/amd64", "alpine:3.18"))
                .isNotEmpty();
        assertThat(out("inspect", "--platform", "linux/amd64", "-f", "{{.Os}}", "alpine:3.18"))
                .isEqualTo("linux\n");
        assertThat(play.run("rmi", "--platform", "linux/amd64", "alpine:3.18")).isOne();
        assertThat(play.err)
                .isEqualTo("Error response from daemon: Content will be removed from all images referencing this"
                        + " variant. Use --force to force delete.\n");
        assertThat(out("rmi", "-f", "--platform", "linux/amd64", "alpine:3.18")).startsWith("Untagged: alpine:3.18\n");
    }

    @Test
    void aTreeHasThePlatforms() {
        String id = Screenplay.BASE.substring(0, 12);
        assertThat(out("images", "--tree", "docker-rust-image")).isEqualTo("""
                IMAGE                      ID             DISK USAGE   CONTENT SIZE   EXTRA
                docker-rust-image:latest
                docker-rust-image:v1.0.0   %1$s       4.23MB         1.07MB       \s
                └─ linux/amd64             %1$s       4.23MB         1.07MB       \s

                """.formatted(id));
        play.images.clear();
        assertThat(out("images", "--tree")).isEqualTo("IMAGE   ID             DISK USAGE   CONTENT SIZE   EXTRA\n");
    }

    @ParameterizedTest
    @CsvSource({
        "-q, --quiet is not yet supported with --tree",
        "--no-trunc, --no-trunc is not yet supported with --tree",
        "--digests, --show-digest is not yet supported with --tree",
        "--format=json, --format is not yet supported with --tree",
    })
    void aTreeTakesNoOtherForm(String flag, String message) {
        assertThat(play.run("images", "--tree", flag)).isOne();
        assertThat(play.err).isEqualTo(message + "\n");
    }

    @Test
    void theUsersConfigurationNamesAFormat(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"imagesFormat\": \"{{.Repository}}\"}");
        play.environment.put("HOME", home.toString());
        assertThat(out("images", "alpine")).isEqualTo("alpine\n");
        play.terminals = new Session.Terminals(false, true, true);
        assertThat(out("images", "alpine")).isEqualTo("alpine\n");
        assertThat(out("images", "--format", "{{.Tag}}", "alpine")).isEqualTo("3.18\n");
        assertThat(out("images", "-q", "alpine")).isEqualTo(Screenplay.BASE.substring(0, 12) + "\n");
        play.environment.put("DOCKER_CONFIG", home.resolve("none").toString());
        play.terminals = Session.Terminals.NONE;
        assertThat(out("images", "alpine")).startsWith("REPOSITORY");
    }

    @Test
    void imagesWithoutANameAreShownOnRequest() {
        assertThat(out("images", "-a")).contains("<none>                      <none>    9f2d70ecc50a   46 seconds ago");
        assertThat(out("images", "-f", "dangling=true", "-q", "--no-trunc")).isEqualTo(Screenplay.id(2) + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "docker-rust-image~docker-rust-image:latest docker-rust-image:v1.0.0",
                "alpine:latest~''",
                "localhost:5000/*/*~localhost:5000/team/hello:dev",
                "docker-*:v1*~docker-rust-image:v1.0.0",
                "al?ine~alpine:3.18",
                "[a-c]*:3*~alpine:3.18",
            })
    void imagesByName(String pattern, String expected) {
        assertThat(out("images", "--format", "{{.Repository}}:{{.Tag}}", pattern)
                        .strip()
                        .replace("\n", " "))
                .isEqualTo(expected);
        assertThat(out("images", "--format", "{{.Repository}}:{{.Tag}}", "-f", "reference=" + pattern)
                        .strip()
                        .replace("\n", " "))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "label=team~2",
                "label=team=web~2",
                "label=team=db~0",
                "before=docker-rust-image~2",
                "since=alpine:3.18~2",
                "until=24h~2",
                "until=2026-01-01~0",
                "dangling=false~4",
            })
    void imagesByFilter(String filter, int rows) {
        assertThat(out("images", "-q", "--filter", filter).lines()).hasSize(rows);
    }

    @Test
    void imagesInOtherForms() {
        assertThat(out("images", "--format", "json", "alpine")).isEqualTo("""
                {"Containers":"N/A","CreatedAt":"2026-02-20 00:00:00 +0000 UTC","CreatedSince":"9 months ago","Digest":"\\u003cnone\\u003e","ID":"9f2d70ecc50a","Repository":"alpine","SharedSize":"N/A","Size":"3.15MB","Tag":"3.18","UniqueSize":"N/A"}
                """);
        assertThat(out("images", "--format", "table {{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t{{.Size}}", "alpine"))
                .isEqualTo("""
                REPOSITORY   TAG       IMAGE ID       SIZE
                alpine       3.18      9f2d70ecc50a   3.15MB
                """);
        assertThat(out("images", "--format", "table {{lower .ID}}\t{{upper .Repository}}", "alpine"))
                .as("functions leave headings as they are")
                .isEqualTo("""
                IMAGE ID       REPOSITORY
                9f2d70ecc50a   ALPINE
                """);
        assertThat(out("images", "--format", "raw", "alpine")).isEqualTo("""
                repository: alpine
                tag: 3.18
                image_id: 9f2d70ecc50a
                created_at: 2026-02-20 00:00:00 +0000 UTC
                virtual_size: 3.15MB

                """);
        assertThat(out("images", "--digests", "alpine")).isEqualTo("""
                REPOSITORY   TAG       DIGEST    IMAGE ID       CREATED        SIZE
                alpine       3.18      <none>    9f2d70ecc50a   9 months ago   3.15MB
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "1~images -f dangling=maybe~Error response from daemon: invalid filter 'dangling=[maybe]'",
                "1~images -f before=nosuch~Error response from daemon: No such image: nosuch:latest",
                "1~images -f until=xyz~Error response from daemon: invalid value for 'until' filter: failed to parse value as time or duration: invalid seconds \"xyz\": invalid syntax",
                "1~images -f foo=bar~Error response from daemon: invalid filter 'foo'",
                "1~images -f reference=[~Error response from daemon: syntax error in pattern",
                "1~images --format {{.Nope}}~template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *formatter.imageContext",
                "1~images --format {{.ID~template parsing error: template: :1: unclosed action",
                "1~images a b~drydock: 'drydock images' requires at most 1 argument",
                "125~images -f foo~invalid argument \"foo\" for \"-f, --filter\" flag: bad format of filter (expected name=value)",
                "125~images --nosuch~unknown flag: --nosuch",
                "125~images -x~unknown shorthand flag: 'x' in -x",
                "1~tag nosuch foo~Error response from daemon: No such image: nosuch:latest",
                "1~tag alpine:3.18 Foo~error parsing reference: \"Foo\" is not a valid repository/tag: invalid reference format: repository name (library/Foo) must be lowercase",
                "1~tag alpine:3.18 foo:bar:baz~error parsing reference: \"foo:bar:baz\" is not a valid repository/tag: invalid reference format",
                "1~tag alpine:3.18 foo@sha256:fed1d3d0c39bd68859bfcbe725a6f315f82877ad04697ac84097872c62e37285~refusing to create a tag with a digest reference",
                "1~tag alpine:3.18 sha256:fed1d3d0~Error response from daemon: refusing to create an ambiguous tag using digest algorithm as name",
                "1~tag hello~drydock: 'drydock tag' requires 2 arguments",
                "1~rmi~drydock: 'drydock rmi' requires at least 1 argument",
                "1~history nosuch~Error response from daemon: No such image: nosuch:latest",
                "64~inspect -f {{ alpine:3.18~template parsing error: template: :1: unclosed action",
                "1~inspect nosuch~error: no such object: nosuch",
                "1~image inspect nosuch~Error response from daemon: No such image: nosuch:latest",
                "1~save nosuch~Error response from daemon: No such image: nosuch:latest",
                "1~save -o /nosuch/x.tar alpine:3.18~failed to save image: invalid output path: stat /nosuch: no such file or directory",
                "1~import nosuch.tar~open nosuch.tar: no such file or directory",
                "1~nosuch~drydock: unknown command: drydock nosuch",
                "1~image nosuch~drydock: unknown command: drydock image nosuch",
                "125~--nosuch images~unknown flag: --nosuch",
                "1~help nosuch~unknown help topic: nosuch",
                "1~inspect --type=foo alpine:3.18~unknown type: \"foo\": must be \"image\"",
            })
    void errors(int exit, String line, String message) {
        assertThat(play.run(List.of(line.split(" ", -1)).toArray(String[]::new)))
                .isEqualTo(exit);
        assertThat(play.err.lines().findFirst()).contains(message);
    }

    @Test
    void usageErrorsShowTheUsageLineAndWhereToReadMore() {
        play.run("tag", "hello");
        assertThat(play.err).isEqualTo("""
                drydock: 'drydock tag' requires 2 arguments

                Usage:  drydock tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]

                Run 'drydock tag --help' for more information
                """);
        play.run("rmi");
        assertThat(play.err).isEqualTo("""
                drydock: 'drydock rmi' requires at least 1 argument

                Usage:  drydock rmi [OPTIONS] IMAGE [IMAGE...]

                See 'drydock rmi --help' for more information
                """);
    }

    @Test
    void aGroupHasHelpOfItsOwn() {
        assertThat(out("image"))
                .startsWith("""
                Usage:  drydock image COMMAND

                Manage images

                Commands:
                  build       Start a build
                """)
                .contains("  ls          List images\n")
                .doesNotContain("remove");
        assertThat(out("image", "--help")).isEqualTo(out("help", "image"));
        play.run("--nosuch", "images");
        assertThat(play.err).isEqualTo("unknown flag: --nosuch\n\nRun 'drydock --help' for more information\n");
    }

    @Test
    void aWordThatIsACommandGetsAHint() {
        assertThat(play.run("images", "ls")).isZero();
        assertThat(play.err).isEqualTo("No images found matching \"ls\": did you mean \"drydock image ls\"?\n");
        play.run("imags");
        assertThat(play.err).contains("hint: Did you mean images?");
    }

    @Test
    void historyCutsCommands() {
        assertThat(out("history", "docker-rust-image")).isEqualTo("""
                IMAGE          CREATED              CREATED BY                                      SIZE      COMMENT
                9f2d70ecc50a   5 seconds ago        CMD ["/bin/server"]                             0B        buildkit.dockerfile.v0
                <missing>      5 seconds ago        RUN /bin/sh -c adduser     --disabled-passwo…   16.4kB    buildkit.dockerfile.v0
                <missing>      About a minute ago   ADD rootfs.tar / # buildkit                     3.14MB    buildkit.dockerfile.v0
                """);
        assertThat(out("history", "-H=false", "docker-rust-image")
                        .lines()
                        .skip(1)
                        .findFirst())
                .contains(
                        "9f2d70ecc50a   2026-11-23T17:19:55Z   CMD [\"/bin/server\"]                             0         buildkit.dockerfile.v0");
        assertThat(out("history", "-q", "docker-rust-image")).isEqualTo("9f2d70ecc50a\n<missing>\n<missing>\n");
    }

    @Test
    void inspectPrintsAnArray() {
        assertThat(out("inspect", "docker-rust-image")).startsWith("""
                [
                    {
                        "Id": "sha256:9f2d70ecc50a4b600e29fab9af035410ea36f96be80fa547d1339ff85206f3c1",
                        "RepoTags": [
                            "docker-rust-image:latest",
                            "docker-rust-image:v1.0.0"
                        ],
                """).endsWith("    }\n]\n");
        assertThat(out("inspect", "-f", "{{.Id}} {{.RepoTags}}", "docker-rust-image"))
                .isEqualTo(Screenplay.id(1) + " [docker-rust-image:latest docker-rust-image:v1.0.0]\n");
        assertThat(out(
                        "inspect",
                        "-f",
                        "{{.Config.Entrypoint}}|{{json .Config.Entrypoint}}|{{.Config.Labels}}|{{json .Config.Volumes}}"
                                + "|{{.Author}}|{{.Config.Healthcheck}}|{{index .Config.Labels \"x\"}}|{{len .Config.OnBuild}}",
                        "alpine:3.18"))
                .as("members that Go's types have even when empty")
                .isEqualTo("[]|null|map[]|null||<nil>||0\n");
        assertThat(play.run("inspect", "nosuch")).isOne();
        assertThat(play.out).isEqualTo("[]\n");
        assertThat(play.run("inspect", "-f", "{{.Nope}}", "docker-rust-image")).isOne();
        assertThat(play.out).isEqualTo("\n");
        assertThat(play.err)
                .isEqualTo(
                        "template parsing error: template: :1:2: executing \"\" at <.Nope>: map has no entry for key \"Nope\"\n");
    }

    @Test
    void rmiGoesThroughAllArguments() {
        assertThat(play.run("rmi", "docker-rust-image", "nosuch", "alpine:3.18", "nosuch2"))
                .isOne();
        assertThat(play.out.lines().filter(line -> line.startsWith("Untagged: ")))
                .hasSize(2);
        assertThat(play.err).isEqualTo("""
                Error response from daemon: No such image: nosuch:latest
                Error response from daemon: No such image: nosuch2:latest
                """);
        assertThat(play.run("rmi", "-f", "nosuch")).isZero();
    }

    @Test
    void saveRefusesATerminalAndWritesFilesWhole(@TempDir Path folder) throws Exception {
        play.terminals = new Session.Terminals(true, true, true);
        assertThat(play.run("save", "alpine:3.18")).isOne();
        assertThat(play.err).isEqualTo("cowardly refusing to save to a terminal. Use the -o flag or redirect\n");
        Path file = folder.resolve("x.tar");
        assertThat(play.run("save", "-o", file.toString(), "alpine:3.18")).isZero();
        assertThat(file).hasContent("archive");
        assertThat(play.run("save", "-o", file.toString(), "nosuch")).isOne();
        assertThat(file).hasContent("archive");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void doctorSaysWhatIsLackingAndWhatMendsIt() {
        assertThat(out("doctor")).isEqualTo("""
                ok    user            root
                lack  git             not installed
                                      does not work: git contexts
                                      Install it.
                """);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (String name : Commands.NAMES) {
            if (Commands.named(name) != null) {
                assertThat(out(name, "--help"))
                        .startsWith("Usage:  drydock " + name)
                        .contains("\nExamples:\n");
            }
        }
    }
}
