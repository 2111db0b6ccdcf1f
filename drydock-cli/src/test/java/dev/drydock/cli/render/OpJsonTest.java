package dev.drydock.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.graph.Edge;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ops in the JSON form of LLB: the names are those of its protocol file. */
class OpJsonTest {
    private static final Platform ARM = Platform.parse("linux/arm/v7");
    private static final String ARM_JSON =
            ",\"platform\":{\"Architecture\":\"arm\",\"OS\":\"linux\",\"Variant\":\"v7\"}}";
    private static final Digest DIGEST = Digest.of("x".getBytes(StandardCharsets.UTF_8));

    private static String json(Op op, Edge... inputs) {
        return OpJson.of(Vertex.of(op, List.of(inputs))).compact();
    }

    private static void isSource(Op op, String source) {
        assertThat(json(op)).isEqualTo("{\"Op\":{\"source\":" + source + "}}");
    }

    @Test
    void sources() {
        assertThat(json(new Op.OciLayout("lib", DIGEST, ARM)))
                .isEqualTo("{\"Op\":{\"source\":{\"identifier\":\"oci-layout://lib@" + DIGEST + "\"}}" + ARM_JSON);
        isSource(new Op.Local("context", List.of(), List.of()), "{\"identifier\":\"local://context\"}");
        isSource(
                new Op.Local("context", List.of("*.o", "!a"), List.of("src")),
                "{\"identifier\":\"local://context\",\"attrs\":{\"local.excludepatterns\":\"[\\\"*.o\\\",\\\"!a\\\"]\","
                        + "\"local.followpaths\":\"[\\\"src\\\"]\"}}");
        isSource(
                new Op.Git("https://h/r.git", "", null, Map.of()),
                "{\"identifier\":\"git://h/r.git\",\"attrs\":{\"git.fullurl\":\"https://h/r.git\"}}");
        isSource(
                new Op.Git("git@h:r", "v1", "d", Map.of("git.keepgitdir", "true", "git.submodules", "false")),
                "{\"identifier\":\"git://git@h:r#v1:d\",\"attrs\":{\"git.fullurl\":\"git@h:r\","
                        + "\"git.keepgitdir\":\"true\",\"git.skipsubmodules\":\"true\"}}");
        isSource(
                new Op.Http("https://h/f", DIGEST, "f", 0600, 0, 7),
                "{\"identifier\":\"https://h/f\",\"attrs\":{\"http.checksum\":\"" + DIGEST
                        + "\",\"http.filename\":\"f\",\"http.gid\":\"7\",\"http.perm\":\"0600\",\"http.uid\":\"0\"}}");
    }

    @Test
    void aProcessWithAllThatItMayHave() {
        Op.Meta meta = new Op.Meta(
                List.of("/bin/sh", "-c", "x"),
                List.of("A=1"),
                "/w",
                "me",
                new Op.ProxyEnv("http://p", null, null, "localhost", null),
                List.of(new Op.HostEntry("h", "10.0.0.1")),
                "box",
                List.of(new Op.Ulimit("nofile", 1, 2)),
                "group",
                List.of(0, 3));
        List<Op.Mount> mounts = List.of(
                new Op.Mount(0, "/", "/", 0, false, new Op.MountType.Bind()),
                new Op.Mount(1, "/src", "/in", -1, true, new Op.MountType.Bind()),
                new Op.Mount(-1, "/", "/c", -1, false, new Op.MountType.Cache("id", Op.Sharing.LOCKED)),
                new Op.Mount(-1, "/", "/t", -1, false, new Op.MountType.Tmpfs(5)),
                new Op.Mount(-1, "/", "/s", -1, true, new Op.MountType.Secret("s", 1, 2, 0400, true)),
                new Op.Mount(-1, "/", "/a", -1, true, new Op.MountType.Ssh("default", 0, 0, 0600, false)));
        Op.Exec exec = new Op.Exec(
                meta,
                mounts,
                Op.Network.NONE,
                Op.Security.INSECURE,
                List.of(new Op.SecretEnv("t", "TOKEN", false)),
                List.of(new Op.Device("vendor.com/gpu=all", true)),
                ARM);
        assertThat(json(exec))
                .isEqualTo("{\"Op\":{\"exec\":{\"meta\":{\"args\":[\"/bin/sh\",\"-c\",\"x\"],\"env\":[\"A=1\"],"
                        + "\"cwd\":\"/w\",\"user\":\"me\",\"proxy_env\":{\"http_proxy\":\"http://p\",\"no_proxy\":\"localhost\"},"
                        + "\"extraHosts\":[{\"Host\":\"h\",\"IP\":\"10.0.0.1\"}],\"hostname\":\"box\","
                        + "\"ulimit\":[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}],\"cgroupParent\":\"group\","
                        + "\"validExitCodes\":[0,3]},\"mounts\":[{\"dest\":\"/\"},"
                        + "{\"input\":1,\"selector\":\"/src\",\"dest\":\"/in\",\"output\":-1,\"readonly\":true},"
                        + "{\"input\":-1,\"dest\":\"/c\",\"output\":-1,\"mountType\":3,\"cacheOpt\":{\"ID\":\"id\",\"sharing\":2}},"
                        + "{\"input\":-1,\"dest\":\"/t\",\"output\":-1,\"mountType\":4,\"TmpfsOpt\":{\"size\":5}},"
                        + "{\"input\":-1,\"dest\":\"/s\",\"output\":-1,\"readonly\":true,\"mountType\":1,"
                        + "\"secretOpt\":{\"ID\":\"s\",\"uid\":1,\"gid\":2,\"mode\":256}},"
                        + "{\"input\":-1,\"dest\":\"/a\",\"output\":-1,\"readonly\":true,\"mountType\":2,"
                        + "\"SSHOpt\":{\"ID\":\"default\",\"mode\":384,\"optional\":true}}],"
                        + "\"network\":2,\"security\":1,"
                        + "\"secretenv\":[{\"ID\":\"t\",\"name\":\"TOKEN\",\"optional\":true}],"
                        + "\"cdiDevices\":[{\"name\":\"vendor.com/gpu=all\"}]}}"
                        + ARM_JSON);
    }

    private static String action(FileAction action) {
        String json = json(new Op.Files(List.of(action)));
        String start = "{\"Op\":{\"file\":{\"actions\":[{";
        assertThat(json).startsWith(start).endsWith("}]}}}");
        return json.substring(start.length(), json.length() - "}]}}}".length());
    }

    @Test
    void actionsOnFiles() {
        FileAction.Owner owner = new FileAction.Owner(new FileAction.Id.Name("me", 1), new FileAction.Id.Number(0));
        String owned = "\"owner\":{\"user\":{\"User\":{\"ByName\":{\"name\":\"me\",\"input\":1}}},"
                + "\"group\":{\"User\":{\"ByID\":0}}}";
        assertThat(action(new FileAction.Copy(
                        0,
                        1,
                        0,
                        "/a",
                        "/b/",
                        owner,
                        new FileAction.Mode.Symbolic("u=rwX"),
                        true,
                        true,
                        true,
                        true,
                        true,
                        true,
                        9,
                        List.of("i"),
                        List.of("e"),
                        true,
                        List.of("r"))))
                .isEqualTo("\"input\":0,\"secondaryInput\":1,\"output\":0,\"Action\":{\"copy\":{\"src\":\"/a\","
                        + "\"dest\":\"/b/\"," + owned + ",\"mode\":-1,\"followSymlink\":true,\"dirCopyContents\":true,"
                        + "\"attemptUnpackDockerCompatibility\":true,\"createDestPath\":true,\"allowWildcard\":true,"
                        + "\"allowEmptyWildcard\":true,\"timestamp\":9,\"include_patterns\":[\"i\"],"
                        + "\"exclude_patterns\":[\"e\"],\"alwaysReplaceExistingDestPaths\":true,"
                        + "\"modeStr\":\"u=rwX\",\"required_paths\":[\"r\"]}}");
        assertThat(action(new FileAction.MakeFile(
                        -1,
                        0,
                        "/f",
                        0644,
                        new FileAction.Data("hi".getBytes(StandardCharsets.UTF_8)),
                        new FileAction.Owner(new FileAction.Id.Number(5), null),
                        -1)))
                .isEqualTo(
                        "\"input\":-1,\"secondaryInput\":-1,\"output\":0,\"Action\":{\"mkfile\":{\"path\":\"/f\","
                                + "\"mode\":420,\"data\":\"aGk=\",\"owner\":{\"user\":{\"User\":{\"ByID\":5}}},\"timestamp\":-1}}");
        assertThat(action(new FileAction.Remove(0, 0, "/x", true, true)))
                .endsWith("\"Action\":{\"rm\":{\"path\":\"/x\",\"allowNotFound\":true,\"allowWildcard\":true}}");
        assertThat(action(new FileAction.Symlink(0, 0, "/link", "to", null, 0)))
                .endsWith("\"Action\":{\"symlink\":{\"oldpath\":\"to\",\"newpath\":\"/link\"}}");
    }

    @Test
    void layersOnLayers() {
        Edge input = new Edge(DIGEST, 0);
        assertThat(json(new Op.Merge(), input, input))
                .isEqualTo("{\"Op\":{\"merge\":{\"inputs\":[{},{\"input\":1}]}}}");
        assertThat(json(new Op.Diff(-1, 0), input))
                .isEqualTo("{\"Op\":{\"diff\":{\"lower\":{\"input\":-1},\"upper\":{}}}}");
    }
}
