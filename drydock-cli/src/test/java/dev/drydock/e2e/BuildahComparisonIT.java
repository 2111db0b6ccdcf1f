package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same Dockerfile through Drydock and through {@code buildah bud}: every file with its type, mode, owner, size, target
 * and content, and the configuration. What may differ is named, with its reason.
 */
class BuildahComparisonIT {
    /** Paths that Buildah makes in RUN and that BuildKit, which Drydock follows, does not keep. */
    private static final List<String> BUILDAHS_OWN = List.of(
            "etc/hostname", "etc/hosts", "etc/resolv.conf", "run", "run/.containerenv", "dev/", "proc/", "sys/");

    private static Store store;
    private static Path peer;
    private static Path context;

    /** @param paths that differ by intent, with the reason in the case's list below */
    private record Case(String name, String dockerfile, List<String> paths, List<String> settings) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case same(String name, String dockerfile) {
        return new Case(name, dockerfile, List.of(), List.of());
    }

    static Stream<Case> cases() {
        return Stream.of(
                same("file", "FROM base:1\nCOPY a.txt /\n"),
                same("file to a new name", "FROM base:1\nCOPY a.txt /new/name\n"),
                same("file into a directory", "FROM base:1\nCOPY a.txt /new/\n"),
                same("file into an existing directory", "FROM base:1\nCOPY a.txt /etc\n"),
                same("directory contents", "FROM base:1\nCOPY dir /d\n"),
                same("directory with a slash", "FROM base:1\nCOPY dir/ /d/\n"),
                same("whole context", "FROM base:1\nCOPY . /all/\n"),
                same("several sources", "FROM base:1\nCOPY a.txt script.sh dir /many/\n"),
                same("wildcards", "FROM base:1\nCOPY *.txt d*r/s?b /w/\n"),
                same("JSON form", "FROM base:1\nCOPY [\"a.txt\", \"/with space/\"]\n"),
                same("chown by number", "FROM base:1\nCOPY --chown=55:66 dir /d\n"),
                same("chown by name", "FROM base:1\nCOPY --chown=nobody:staff a.txt /\n"),
                same("chmod", "FROM base:1\nCOPY --chmod=0750 a.txt /\n"),
                same("over an existing file", "FROM base:1\nCOPY a.txt /etc/passwd\n"),
                same("into an existing tree", "FROM base:1\nRUN mkdir -p /d/sub && echo old > /d/sub/z\nCOPY dir /d\n"),
                same("symbolic links in a directory", "FROM base:1\nCOPY links /l\n"),
                same(
                        "through a link in the destination",
                        "FROM base:1\nRUN mkdir /real && ln -s /real /alias\nCOPY a.txt /alias/\n"),
                same("add a file", "FROM base:1\nADD a.txt /added\n"),
                same("add an archive", "FROM base:1\nADD archive.tar.gz /x/\n"),
                same("copy an archive", "FROM base:1\nCOPY archive.tar.gz /x/\n"),
                same("workdir", "FROM base:1\nWORKDIR /a\nWORKDIR b/c\nRUN pwd > where\n"),
                same(
                        "run",
                        "FROM base:1\nRUN echo hi > /x && chmod 4711 /x && mkdir -m 1777 /t && ln -s x /y && ln /x /hard\n"),
                same("delete", "FROM base:1\nRUN rm -r /etc/group /home && mkdir /home && echo n > /home/n\n"),
                same(
                        "delete and make again",
                        "FROM base:1\nCOPY dir /d\nRUN rm -r /d && mkdir /d && echo new > /d/x\n"),
                same("rename", "FROM base:1\nCOPY dir /d\nRUN mv /d /e\n"),
                same(
                        "a fifo and owners",
                        "FROM base:1\nRUN mkfifo /pipe && chown 7:8 /pipe && touch /f && chown nobody /f\n"),
                same(
                        "user",
                        "FROM base:1\nRUN mkdir /w && chown 1000:1000 /w\nUSER 1000:1000\nRUN id > /w/id && umask 077 && touch /w/private\n"),
                same(
                        "stages",
                        "FROM base:1 AS one\nRUN mkdir /out && echo 1 > /out/1\nFROM base:1\nCOPY --from=one /out /in\nCOPY --from=0 /out/1 /file\n"),
                same(
                        "a stage on a stage",
                        "FROM base:1 AS one\nENV A=1\nRUN echo $A > /a\nFROM one\nRUN echo $A-2 > /b\n"),
                same(
                        "scratch",
                        "FROM base:1 AS b\nFROM scratch\nCOPY --from=b /bin/busybox /busybox\nCMD [\"/busybox\"]\n"),
                same(
                        "arguments",
                        "ARG V=1\nFROM base:${V}\nARG V\nARG W=w$V\nRUN echo $V $W > /args\nENV X=${W:-none} Y=${NO:-none}\n"),
                same(
                        "environment",
                        "FROM base:1\nENV A=hello B=\"two words\" PATH=/x:$PATH\nENV A=bye D=$A\nRUN echo \"$A $B $D\" > /env\n"),
                same(
                        "everything in the configuration",
                        "FROM base:1\nENV K=v\nLABEL a=b c=\"d e\"\nEXPOSE 80 443/udp\nVOLUME /data /more\nUSER nobody\nWORKDIR /\n"
                                + "STOPSIGNAL SIGQUIT\nENTRYPOINT [\"/bin/sh\", \"-c\"]\nCMD [\"echo\", \"x\"]\n"),
                same("shell forms", "FROM base:1\nCMD echo hello $USER\nENTRYPOINT exec top\n"),
                same(
                        "entrypoint drops the base's command",
                        "FROM base:1 AS b\nCMD [\"b\"]\nFROM b\nENTRYPOINT [\"e\"]\n"),
                same(
                        "shell",
                        "FROM base:1\nSHELL [\"/bin/sh\", \"-ec\"]\nRUN false; true > /never || true\nCMD x\n"
                                .replace("false; ", "")),
                same(
                        "cache and tmpfs mounts",
                        "FROM base:1\nRUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t echo 1 > /c/f && echo 2 > /t/f && cp /c/f /kept\n"),
                same("bind mount", "FROM base:1\nRUN --mount=type=bind,source=dir,target=/b cp /b/x /from-bind\n"),
                // BuildKit makes WORKDIR as the user in force, Buildah as root (features of the language, 1.13).
                new Case("workdir of a user", "FROM base:1\nUSER 1000\nWORKDIR /w\n", List.of("w"), List.of()));
    }

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "buildah", "podman", "umoci", "skopeo")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
        store.drydock("tag", "busybox:1.37", "base:1").run().ok();
        peer = store.directory("peer");
        podman("import", "-q", store.busyboxTar().toString(), "localhost/base:1");
        context = makeContext(store.directory("context"));
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            Command.of("sh", "-c", "umount -l " + peer + "/store/overlay 2>/dev/null; true")
                    .run();
            store.close();
        }
    }

    private static Path makeContext(Path context) throws Exception {
        String script = """
                umask 022
                echo a > a.txt; printf '#!/bin/sh\\necho hi\\n' > script.sh; chmod 755 script.sh
                mkdir -p dir/sub links; echo x > dir/x; echo y > dir/y; echo z > dir/sub/z
                chmod 700 dir/sub; chmod 600 dir/y; touch dir/.hidden dir/big.log
                ln -s ../a.txt links/up; ln -s /etc/passwd links/absolute; ln -s nowhere links/dangling
                echo secret > secret.txt; echo kept > secret-kept.txt
                mkdir t && echo in > t/in && chmod 640 t/in && ln -s in t/link && tar -C t -czf archive.tar.gz . && rm -r t
                printf 'secret*\\n!secret-kept.txt\\n**/*.log\\n.dockerignore\\nDockerfile*\\n' > .dockerignore
                """;
        Command.of("sh", "-ec", script).in(context).run().ok();
        return context;
    }

    private static String buildah(String... words) throws Exception {
        return peerCommand("buildah", words);
    }

    private static String podman(String... words) throws Exception {
        return peerCommand("podman", words);
    }

    private static String peerCommand(String program, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(program, "--root", peer + "/store", "--runroot", peer + "/run", "--storage-driver", "overlay"));
        command.addAll(List.of(words));
        return new Command(command).in(peer).run().ok().out().strip();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameTreeAndConfiguration(Case wanted) throws Exception {
        Files.writeString(context.resolve("Dockerfile"), wanted.dockerfile());
        store.drydock("build", "-t", "compared", ".").in(context).run().ok();
        Files.writeString(
                context.resolve("Dockerfile.peer"), wanted.dockerfile().replace("base:", "localhost/base:"));
        buildah(
                "bud",
                "--layers",
                "--isolation",
                "chroot",
                "--format",
                "docker",
                "-q",
                "-f",
                context.resolve("Dockerfile.peer").toString(),
                "-t",
                "compared",
                context.toString());

        String container = buildah("from", "--pull-never", "localhost/compared");
        Map<String, String> theirs;
        try {
            theirs = tree(Path.of(buildah("mount", container)));
        } finally {
            buildah("rm", container);
        }
        Map<String, String> ours = tree(unpacked());
        theirs.keySet().removeIf(path -> isExplained(path, wanted, ours));
        ours.keySet().removeIf(path -> isExplained(path, wanted, ours) && !theirs.containsKey(path));
        assertThat(ours).isEqualTo(theirs);

        Map<String, String> ourSettings =
                settings(JsonValue.parse(store.drydock("inspect", "-f", "{{json .Config}}", "compared")
                        .run()
                        .ok()
                        .out()
                        .getBytes(StandardCharsets.UTF_8)));
        Map<String, String> theirSettings = settings(
                JsonValue.parse(podman("image", "inspect", "--format", "{{json .Config}}", "localhost/compared")
                        .getBytes(StandardCharsets.UTF_8)));
        wanted.settings().forEach(ourSettings::remove);
        wanted.settings().forEach(theirSettings::remove);
        assertThat(ourSettings).isEqualTo(theirSettings);
    }

    private static boolean isExplained(String path, Case wanted, Map<String, String> ours) {
        for (String own : BUILDAHS_OWN) {
            boolean stub = own.endsWith("/")
                    ? path.startsWith(own) || path.equals(own.substring(0, own.length() - 1))
                    : path.equals(own);
            if (stub) {
                return true;
            }
        }
        return wanted.paths().contains(path) && ours.containsKey(path);
    }

    /** Our image as a root file system: saved, read by skopeo, unpacked by umoci. */
    private static Path unpacked() throws Exception {
        Path out = store.directory("unpacked");
        Command.of("sh", "-c", "rm -rf " + out + "/*").run().ok();
        Path archive = out.resolve("image.tar");
        store.drydock("save", "-o", archive.toString(), "compared").run().ok();
        Command.of("skopeo", "copy", "-q", "docker-archive:" + archive, "oci:" + out.resolve("layout") + ":x")
                .run()
                .ok();
        Command.of(
                        "umoci",
                        "unpack",
                        "--image",
                        out.resolve("layout") + ":x",
                        out.resolve("bundle").toString())
                .run()
                .ok();
        return out.resolve("bundle/rootfs");
    }

    private static Map<String, String> tree(Path root) throws Exception {
        Map<String, String> tree = new TreeMap<>();
        String listing = new Command(
                        List.of("find", root.toString(), "-mindepth", "1", "-printf", "%P\\t%y %m %U:%G %l\\n"))
                .run()
                .ok()
                .out();
        for (String line : listing.lines().toList()) {
            String[] parts = line.split("\t", 2);
            tree.put(parts[0], parts[1]);
        }
        String sums = Command.of("sh", "-c", "cd " + root + " && find . -type f -exec sha256sum {} +")
                .run()
                .ok()
                .out();
        for (String line : sums.lines().toList()) {
            tree.merge(line.substring(68), " " + line.substring(0, 64), String::concat);
        }
        return tree;
    }

    private static Map<String, String> settings(JsonValue config) {
        Map<String, String> settings = new TreeMap<>();
        if (config instanceof JsonValue.Obj object) {
            for (Map.Entry<String, JsonValue> entry : object.members().entrySet()) {
                String value = entry.getValue().compact();
                boolean empty = List.of("null", "\"\"", "{}", "[]", "false").contains(value);
                if (entry.getKey().equals("Labels") && entry.getValue() instanceof JsonValue.Obj labels) {
                    Map<String, JsonValue> kept = new TreeMap<>(labels.members());
                    kept.remove("io.buildah.version");
                    value = Objects.toString(kept);
                    empty = kept.isEmpty();
                }
                // Docker's marker of shell forms, which Buildah does not write; and "/" is what no directory means.
                boolean noise = entry.getKey().equals("ArgsEscaped")
                        || entry.getKey().equals("WorkingDir") && value.equals("\"/\"");
                if (!empty && !noise) {
                    settings.put(entry.getKey(), value);
                }
            }
        }
        return settings;
    }
}
