package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices of the host in steps, by the Container Device Interface. */
class DevicesIT {
    private static Store store;
    private static Path specs;
    private int projects;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "crun", "busybox")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
        specs = store.directory("cdi");
        Path hook = Files.writeString(
                store.directory("host").resolve("hook"),
                "#!/bin/sh\ncat > /dev/null\necho \"$1\" > " + store.directory("host") + "/hooked\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(store.directory("host").resolve("driver"), "of the driver\n");
        Files.writeString(specs.resolve("acme.yaml"), """
                cdiVersion: "0.6.0"
                kind: acme.com/gpu
                devices:
                - name: full
                  containerEdits:
                    env:
                    - GPU=full
                    deviceNodes:
                    - path: /dev/acme
                      hostPath: /dev/full
                      permissions: rw
                    mounts:
                    - hostPath: %1$s/host/driver
                      containerPath: /opt/acme/driver
                      options: [ro, nosuid, nodev, bind]
                    additionalGids: [4321]
                - name: hooked
                  containerEdits:
                    hooks:
                    - hookName: createRuntime
                      path: %1$s/host/hook
                      args: [hook, called]
                - name: free
                  annotations:
                    org.mobyproject.buildkit.device.autoallow: "true"
                    org.mobyproject.buildkit.device.class: toys
                  containerEdits:
                    env: [TOY=1]
                """.formatted(specs.getParent()));
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private Command build(String dockerfile, String... flags) throws IOException {
        Path project = store.directory("devices" + projects++);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        List<String> words = new ArrayList<>(List.of("build", "--no-cache", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(".");
        return store.drydock(words.toArray(String[]::new)).in(project).with("DRYDOCK_CDI_SPEC_DIRS", specs.toString());
    }

    @ParameterizedTest
    @CsvSource({"oci, runc", "oci, crun", "chroot, ''"})
    void aStepHasWhatTheDescriptionSays(String isolation, String runtime) throws Exception {
        String said = build("""
                        RUN --device=acme.com/gpu=full,required \\
                            echo "got $GPU $(cat /opt/acme/driver) groups $(id -G)" && ls -l /dev/acme && ! echo x 2> /dev/null > /dev/acme
                        RUN test ! -e /dev/acme && test ! -e /opt && echo "gone [$GPU]"
                        """, "--allow=device=acme.com/gpu=full", "--isolation=" + isolation)
                .with("DRYDOCK_RUNTIME", runtime)
                .run()
                .ok()
                .err();
        assertThat(said)
                .contains(" got full of the driver groups 0 4321\n")
                .containsPattern("crw-rw-rw- .* 1, +7 .* /dev/acme")
                .contains(" gone []\n");
    }

    @Test
    void hooksAreStartedByTheRuntime() throws Exception {
        for (String runtime : List.of("runc", "crun")) {
            Path trace = specs.resolveSibling("host/hooked");
            Files.deleteIfExists(trace);
            build("RUN --device=acme.com/gpu=hooked true\n", "--allow=device")
                    .with("DRYDOCK_RUNTIME", runtime)
                    .run()
                    .ok();
            assertThat(trace).hasContent("called");
        }
        assertThat(build("RUN --device=acme.com/gpu=hooked true\n", "--allow=device", "--isolation=chroot")
                        .run()
                        .err())
                .contains("which chroot isolation does not do");
    }

    @Test
    void aDeviceNeedsTheEntitlementUnlessItIsEverybodys() throws Exception {
        Command.Outcome refused = build("RUN --device=acme.com/gpu=full true\n").run();
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("device acme.com/gpu=full is requested by the build but not allowed")
                .contains("hint: If you trust this Dockerfile, build with --allow device=acme.com/gpu=full");
        assertThat(build("RUN --device=toys echo toy $TOY\n").run().ok().err()).contains(" toy 1\n");
        assertThat(build("RUN --device=mine echo for mine $GPU\n", "--allow=device=acme.com/gpu=full,alias=mine")
                        .run()
                        .ok()
                        .err())
                .contains(" for mine full\n");
    }

    @Test
    void aMissingDeviceIsSkippedUnlessItIsRequired() throws Exception {
        assertThat(build("RUN --device=other.com/x echo ran without\n")
                        .run()
                        .ok()
                        .err())
                .contains(" ran without\n");
        Command.Outcome missing =
                build("RUN --device=other.com/x,required true\n").run();
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err())
                .contains("required device \"other.com/x\" is not registered")
                .contains("acme.com/gpu=free, acme.com/gpu=full, acme.com/gpu=hooked");
    }
}
