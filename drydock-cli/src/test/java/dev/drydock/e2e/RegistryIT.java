package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real registry: push, pull, build on what it has, log in; and Skopeo as a second opinion. */
class RegistryIT {
    private Store store;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        Requires.program("docker-registry");
        Requires.program("skopeo");
        store = Store.create().withBusybox();
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private Path context(String dockerfile) throws Exception {
        Path context = store.directory("context");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        Files.writeString(context.resolve("hello.txt"), "hello\n");
        return context;
    }

    @Test
    void pushPullAndBuildOnIt() throws Exception {
        try (Registry registry = Registry.start(store.directory("registry"))) {
            String name = registry.host() + "/team/hello:1";
            Path context = context("FROM busybox:1.37\nCOPY hello.txt /\nRUN cat hello.txt > copy.txt\n");
            Outcome built = store.drydock("build", "--push", "--progress=plain", "-t", name, context.toString())
                    .run()
                    .ok();
            assertThat(built.err()).contains("pushing layers").contains("pushing manifest for " + name + "@sha256:");
            Outcome inspected = Command.of("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + name)
                    .run()
                    .ok();
            assertThat(inspected.out()).contains("application/vnd.oci.image.layer.v1.tar+gzip");
            Outcome again = store.drydock("push", name).run().ok();
            assertThat(again.out()).contains(": Layer already exists\n").doesNotContain("Pushed");

            store.drydock("rmi", name).run().ok();
            Outcome pulled = store.drydock("pull", name).run().ok();
            assertThat(pulled.out())
                    .startsWith("1: Pulling from team/hello\n")
                    .contains(": Pull complete\n")
                    .endsWith("Status: Downloaded newer image for " + name + "\n" + name + "\n");
            store.drydock("tag", name, registry.host() + "/other/hello:2").run().ok();
            assertThat(store.drydock("push", registry.host() + "/other/hello:2")
                            .run()
                            .ok()
                            .out())
                    .contains(": Mounted from team/hello\n");
            store.drydock("rmi", "-f", name, registry.host() + "/other/hello:2")
                    .run()
                    .ok();

            context("FROM " + name + "\nRUN test -f copy.txt && echo more > more.txt\n");
            Outcome onIt = store.drydock("build", "--progress=plain", "-t", "more", context.toString())
                    .run()
                    .ok();
            assertThat(onIt.err()).contains("load metadata for " + name).contains("extracting sha256:");
            assertThat(store.drydock("images", "-q").run().ok().lines()).hasSize(2); // busybox and the result

            // a store that has pushed nothing knows from its pull where the base's layers are
            String fresh = store.directory("fresh").toString();
            context("FROM " + name + "\nENV a=b\n");
            String third = registry.host() + "/third/hello:3";
            store.drydock("--root", fresh, "build", "-q", "-t", third, context.toString())
                    .run()
                    .ok();
            assertThat(store.drydock("--root", fresh, "push", third).run().ok().out())
                    .contains(": Mounted from team/hello\n")
                    .containsOnlyOnce(": Pushed\n"); // its configuration

            // what is only pushed is not even fetched: neither to the base's registry nor to another
            String empty = store.directory("empty").toString();
            try (Registry far = Registry.start(store.directory("far"))) {
                for (String host : java.util.List.of(registry.host(), far.host())) {
                    String fourth = host + "/fourth/hello:4";
                    store.drydock(
                                    "--root",
                                    empty,
                                    "build",
                                    "-q",
                                    "-o",
                                    "type=image,push=true,store=false,name=" + fourth,
                                    context("FROM " + name + "\nENV a=" + host + "\n")
                                            .toString())
                            .run()
                            .ok();
                    assertThat(store.directory("empty").resolve("layers")).doesNotExist();
                    store.drydock("--root", fresh, "pull", "-q", fourth).run().ok();
                    assertThat(store.drydock("--root", fresh, "inspect", "--format", "{{.Config.Env}}", fourth)
                                    .run()
                                    .ok()
                                    .out())
                            .contains("a=" + host);
                    Path all = store.directory("files").resolve("all.tar");
                    store.drydock("--root", fresh, "save", "-o", all.toString(), fourth)
                            .run()
                            .ok();
                }
            }
        }
    }

    @Test
    void annotationsGoWhereTheManifestGoes() throws Exception {
        try (Registry registry = Registry.start(store.directory("registry"))) {
            String name = registry.host() + "/team/told:1";
            Path context = context("FROM scratch\nCOPY hello.txt /\n");
            Path metadata = store.directory("files").resolve("md.json");
            store.drydock(
                            "build",
                            "--push",
                            "-q",
                            "--annotation=org.opencontainers.image.title=hello",
                            "--annotation=manifest[" + Platform.host() + "]:mine=a=b",
                            "--annotation=manifest-descriptor:seen=outside",
                            "--metadata-file=" + metadata,
                            "-t",
                            name,
                            context.toString())
                    .run()
                    .ok();
            Map<String, String> wanted = Map.of("org.opencontainers.image.title", "hello", "mine", "a=b");
            byte[] pushed = Command.of("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + name)
                    .run()
                    .ok()
                    .out()
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(ManifestJson.read(pushed).annotations()).isEqualTo(wanted);
            assertThat(Files.readString(metadata)).contains("\"seen\": \"outside\"");

            Path archive = store.directory("files").resolve("told.tar");
            store.drydock("save", "-o", archive.toString(), name).run().ok();
            assertThat(Command.of("tar", "-xOf", archive.toString(), "--wildcards", "blobs/sha256/*")
                            .run()
                            .ok()
                            .out())
                    .contains("\"mine\": \"a=b\"")
                    .doesNotContain("outside");

            Outcome refused = store.drydock("build", "--annotation", "index:k=v", context.toString())
                    .run();
            assertThat(refused.exit()).isOne();
            assertThat(refused.err()).contains("index annotations not supported for single platform export");
        }
    }

    @Test
    void skopeosImagesOfEveryKindArePulled() throws Exception {
        try (Registry registry = Registry.start(store.directory("registry"))) {
            Path archive = store.directory("files").resolve("busybox.tar");
            store.drydock("save", "-o", archive.toString(), "busybox:1.37")
                    .run()
                    .ok();
            for (String how : new String[] {"--format=v2s2", "--format=oci", "--dest-compress-format=zstd"}) {
                String name = registry.host() + "/copy:" + how.replaceAll("[^a-z0-9]", "");
                Command.of(
                                "skopeo",
                                "--insecure-policy",
                                "copy",
                                "-q",
                                "--dest-tls-verify=false",
                                how,
                                "docker-archive:" + archive,
                                "docker://" + name)
                        .run()
                        .ok();
                store.drydock("pull", "-q", name).run().ok();
                context("FROM " + name + "\nRUN echo " + how + "\n");
                store.drydock("build", "-q", store.directory("context").toString())
                        .run()
                        .ok();
                store.drydock("save", "-o", archive + how, name).run().ok();
                Command.of("skopeo", "inspect", "docker-archive:" + archive + how)
                        .run()
                        .ok();
            }
        }
    }

    @Test
    void aRegistryWithPasswords() throws Exception {
        try (Registry registry = Registry.withPassword(store.directory("registry"), "demo", "s3cret")) {
            String name = registry.host() + "/hello:1";
            String home = store.directory("home").toString();
            store.drydock("tag", "busybox:1.37", name).run().ok();
            Outcome refused = store.drydock("push", name).with("HOME", home).run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("push access denied, repository does not exist or may require authorization: "
                            + "authorization failed: no basic auth credentials")
                    .contains("hint: Log in with \"drydock login " + registry.host() + "\"");

            Outcome wrong = store.drydock("login", "-u", "demo", "--password-stdin", registry.host())
                    .with("HOME", home)
                    .stdin("wr0ng\n")
                    .run();
            assertThat(wrong.exit()).isEqualTo(1);
            assertThat(wrong.err())
                    .contains(
                            "login attempt to http://" + registry.host() + "/v2/ failed with status: 401 Unauthorized")
                    .doesNotContain("wr0ng");
            Outcome login = store.drydock("login", "-u", "demo", "--password-stdin", registry.host())
                    .with("HOME", home)
                    .stdin("s3cret\n")
                    .run()
                    .ok();
            assertThat(login.out()).isEqualTo("Login Succeeded\n");
            assertThat(login.err()).contains("WARNING! Your credentials are stored unencrypted in '" + home);
            store.drydock("push", name).with("HOME", home).run().ok();
            store.drydock("pull", name).with("HOME", home).run().ok();
            Outcome known = store.drydock("login", registry.host())
                    .with("HOME", home)
                    .run()
                    .ok();
            assertThat(known.err()).contains("Authenticating with existing credentials... [Username: demo]");
            store.drydock("logout", registry.host()).with("HOME", home).run().ok();
            assertThat(store.drydock("pull", registry.host() + "/hello:2")
                            .with("HOME", home)
                            .run()
                            .err())
                    .contains("no basic auth credentials");
        }
    }
}
