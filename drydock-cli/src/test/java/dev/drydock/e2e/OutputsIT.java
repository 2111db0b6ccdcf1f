package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outputs of builds, read by the tools that people hand them to. */
class OutputsIT {
    private Store store;
    private Path context;
    private Path out;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        Requires.program("skopeo");
        Requires.program("umoci");
        store = Store.create().withBusybox();
        out = store.directory("outputs");
        context = store.directory("context");
        Files.writeString(context.resolve("a"), "hello\n");
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM busybox:1.37\nCOPY a /data/a\nRUN chmod 2750 /data && ln /data/a /data/b && rm /bin/vi\n");
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private Outcome build(String... flags) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("build", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(context.toString());
        return store.drydock(words.toArray(String[]::new)).in(out).run();
    }

    private void same(Path tree, Path other) throws Exception {
        Command.of("diff", "-r", "--no-dereference", tree.toString(), other.toString())
                .run()
                .ok();
    }

    @Test
    void severalAtOnceHoldTheSameFiles() throws Exception {
        Outcome built = build(
                        "-t",
                        "outs:1",
                        "-o",
                        "files",
                        "-o",
                        "type=tar,dest=files.tar",
                        "-o",
                        "type=oci,dest=oci.tar",
                        "-o",
                        "type=oci,tar=false,dest=layout,compression=zstd,force-compression=true",
                        "-o",
                        "type=docker,dest=docker.tar,compression=uncompressed",
                        "--metadata-file",
                        "md.json")
                .ok();
        assertThat(built.err())
                .contains("exporting to client directory", "exporting to client tarball")
                .contains("exporting to oci image format", "exporting to docker image format");
        assertThat(store.drydock("images", "-q", "outs").run().ok().out()).isEmpty();

        Path untarred = store.directory("untarred");
        Command.of(
                        "tar",
                        "-C",
                        untarred.toString(),
                        "-xf",
                        out.resolve("files.tar").toString())
                .run()
                .ok();
        same(out.resolve("files"), untarred);
        assertThat(Files.getAttribute(out.resolve("files/data"), "unix:mode")).isEqualTo(042750);
        assertThat(out.resolve("files/bin/vi")).doesNotExist();
        assertThat(Files.getAttribute(out.resolve("files/data/b"), "unix:ino"))
                .isEqualTo(Files.getAttribute(out.resolve("files/data/a"), "unix:ino"));

        for (String from : List.of("oci-archive:oci.tar", "docker-archive:docker.tar:outs:1")) {
            String name = from.replaceAll("[^a-z]", "");
            Command.of("skopeo", "copy", "-q", from, "oci:re-" + name + ":x")
                    .in(out)
                    .run()
                    .ok();
            Command.of("umoci", "unpack", "--image", "re-" + name + ":x", "bundle-" + name)
                    .in(out)
                    .run()
                    .ok();
            same(out.resolve("files"), out.resolve("bundle-" + name + "/rootfs"));
        }
        String layers = Command.of("skopeo", "inspect", "--raw", "oci:layout:1")
                .in(out)
                .run()
                .ok()
                .out();
        assertThat(layers).contains("tar+zstd").doesNotContain("tar+gzip").doesNotContain("layer.v1.tar\"");
        // umoci 0.4 does not know zstd
        Command.of("tar", "-C", "layout", "-cf", "layout.tar", ".")
                .in(out)
                .run()
                .ok();
        assertThat(store.drydock("load", "-i", "layout.tar").in(out).run().ok().out())
                .isEqualTo("Loaded image: outs:1\n");
        String metadata = Files.readString(out.resolve("md.json"));
        assertThat(metadata)
                .contains("\"image.name\": \"docker.io/library/outs:1\"")
                .contains("containerimage.config.digest", "containerimage.descriptor");
    }

    @Test
    void streamsGoToStandardOutputAlone() throws Exception {
        Path tar = out.resolve("stream.tar");
        Outcome built = Command.of(
                        "sh",
                        "-c",
                        "DRYDOCK_ROOT='" + store.root() + "' '" + Store.checkout()
                                + "/drydock-cli/target/dist/drydock/bin/drydock' build -o type=docker,dest=-,name=piped:1 '"
                                + context + "' > " + tar)
                .run()
                .ok();
        assertThat(built.err()).contains("exporting to docker image format");
        Command.of("skopeo", "inspect", "docker-archive:" + tar + ":piped:1")
                .run()
                .ok();
        assertThat(store.drydock("load", "-i", tar.toString()).run().ok().out()).isEqualTo("Loaded image: piped:1\n");
    }

    @Test
    void registriesGetWhatTheAttributesSay() throws Exception {
        try (Registry registry = Registry.start(store.directory("registry"))) {
            String repository = registry.host() + "/team/outs";
            build(
                            "-o",
                            "type=registry,name=" + repository
                                    + ":z,compression=zstd,force-compression=true,annotation.org.example=here,store=false",
                            "-o",
                            "type=image,push=true,push-by-digest=true,name=" + repository,
                            "--metadata-file",
                            "md.json")
                    .ok();
            Outcome zstd = Command.of(
                            "skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + repository + ":z")
                    .run()
                    .ok();
            assertThat(zstd.out())
                    .contains("tar+zstd", "\"org.example\": \"here\"")
                    .doesNotContain("tar+gzip");
            String metadata = Files.readString(out.resolve("md.json"));
            String digest = metadata.replaceFirst("(?s).*\"containerimage.digest\": \"([^\"]*)\".*", "$1");
            assertThat(Command.of(
                                    "skopeo",
                                    "inspect",
                                    "--raw",
                                    "--tls-verify=false",
                                    "docker://" + repository + "@" + digest)
                            .run()
                            .ok()
                            .out())
                    .contains("tar+gzip");
            assertThat(Command.of("skopeo", "list-tags", "--tls-verify=false", "docker://" + repository)
                            .run()
                            .ok()
                            .out())
                    .contains("\"z\"")
                    .doesNotContain("latest");
        }
    }
}
