package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HelperScriptTest {
    private static final Host HOST = new Host(-1, false, Host.Cgroups.UNIFIED, "amd64", 6001);
    private static final OciRuntime RUNC =
            new OciRuntime(Path.of("/usr/sbin/runc"), OciRuntime.Kind.RUNC, "runc 1.1.5", false);
    private static final OciRuntime CRUN =
            new OciRuntime(Path.of("/usr/bin/crun"), OciRuntime.Kind.CRUN, "crun 1.8.1", true);

    private static ProcessSpec process(List<Path> lowers, ProcessSpec.Bind... binds) {
        return new ProcessSpec(
                "drydock-1-a-1",
                lowers,
                Path.of("/store/tmp/lease/step/upper"),
                Path.of("/store/tmp/lease/step/work"),
                List.of("true"),
                List.of(),
                "/",
                0,
                0,
                List.of(),
                "buildkitsandbox",
                List.of(binds),
                Op.Network.DEFAULT,
                Op.Security.SANDBOX,
                List.of(),
                List.of(),
                null,
                ResourceLimits.NONE,
                DeviceEdits.NONE);
    }

    private static String script(Host host, OciRuntime runtime, ProcessSpec process) {
        return new HelperScript(
                        process,
                        host,
                        StepFilter.of(host),
                        runtime,
                        RootMount.OVERLAY,
                        Path.of("/store/tmp/lease/run-x"))
                .text();
    }

    @Test
    void mountsTheRootFromWithinTheLayersAndBecomesTheRuntime() {
        List<Path> lowers = List.of(Path.of("/store/layers/a1/fs"), Path.of("/store/layers/b2/fs"));
        assertThat(script(HOST, RUNC, process(lowers))).isEqualTo("""
                set -e
                cd '/store/layers'
                mount -n -i -t overlay -o 'lowerdir=b2/fs:a1/fs,upperdir=../tmp/lease/step/upper,workdir=../tmp/lease/step/work,\
                volatile,index=off,metacopy=off,redirect_dir=off' overlay '/store/tmp/lease/run-x/root'
                : > '/store/tmp/lease/run-x/started'
                cd '/store/tmp/lease/run-x'
                exec '/usr/sbin/runc' --root '/store/tmp/lease/run-x/state' --log '/store/tmp/lease/run-x/runc.log' run 'drydock-1-a-1' < /dev/null
                """);
    }

    @Test
    void anOldKernelAndAUserNamespaceGetTheOptionsTheyKnow() {
        Host old = new Host(-1, true, Host.Cgroups.NONE, "amd64", 5004);
        assertThat(script(old, CRUN, process(List.of(Path.of("/store/layers/a1/fs")))))
                .contains("/work,userxattr'")
                .doesNotContain("volatile")
                .contains("export _LIBCONTAINER_STATEDIR='/store/tmp/lease/run-x'\n")
                .endsWith(
                        "exec '/usr/bin/crun' --root '/store/tmp/lease/run-x/state' run 'drydock-1-a-1' < /dev/null\n");
    }

    @Test
    void anEmptyRootAndTreesOfSeveralLayersAreOverlays() {
        List<Path> trees = List.of(Path.of("/store/layers/c/fs"), Path.of("/store/layers/d/fs"));
        ProcessSpec process = process(
                List.of(),
                new ProcessSpec.Bind.Tree("/one", List.of(Path.of("/store/layers/c/fs")), "/x", null),
                new ProcessSpec.Bind.Tree("/two", trees, "/x", null),
                new ProcessSpec.Bind.Tree("/rw", trees, "", Path.of("/store/tmp/lease/rw")));
        HelperScript script = new HelperScript(
                process, HOST, StepFilter.of(HOST), RUNC, RootMount.OVERLAY, Path.of("/store/tmp/lease/run-x"));
        assertThat(script.text())
                .contains("lowerdir=empty,upperdir=../step/upper,")
                .doesNotContain("run-x/m0")
                .contains(
                        "'lowerdir=d/fs:c/fs,index=off,metacopy=off,redirect_dir=off' overlay '/store/tmp/lease/run-x/m1'")
                .contains("upperdir=../tmp/lease/rw/upper,workdir=../tmp/lease/rw/work");
        assertThat(new String(script.config(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"source\":\"/store/layers/c/fs/x\"")
                .contains("\"source\":\"/store/tmp/lease/run-x/m1/x\"")
                .contains("\"source\":\"/store/tmp/lease/run-x/m2\"");
        assertThat(script.directories())
                .contains(Path.of("/store/tmp/lease/rw/upper"), Path.of("/store/tmp/lease/run-x/m2"));
    }

    @Test
    void namesThatShellOrOverlayWouldReadOtherwiseAreQuoted() {
        List<Path> lowers = List.of(Path.of("/it's/a:b/fs"), Path.of("/it's/c,d/fs"));
        assertThat(script(HOST, RUNC, process(lowers)))
                .contains("cd '/it'\\''s'\n")
                .contains("lowerdir=c\\,d/fs:a\\:b/fs,");
    }

    @Test
    void moreLayersThanAPageHoldsAreRefused() {
        List<Path> lowers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            lowers.add(Path.of("/store/layers/abcdefghij" + i + "/fs"));
        }
        EnvironmentFault fault = assertThrows(EnvironmentFault.class, () -> script(HOST, RUNC, process(lowers)));
        assertThat(fault.text())
                .isEqualTo("run step: mount root: 400 layers are more than the kernel takes in one page of options");
    }

    @Test
    void crunIsKeptFromSeeingBothControlGroupVersions() {
        assertThat(HelperScript.prelude(CRUN))
                .isEqualTo("umask 022\n"
                        + "umount /sys/fs/cgroup/unified 2> /dev/null"
                        + " || mount -n -i -t tmpfs tmpfs /sys/fs/cgroup/unified || exit\n");
        assertThat(HelperScript.prelude(RUNC)).isEqualTo("umask 022\n");
    }

    @Test
    void controlGroupNamesTellTheirOwner() {
        String mine = ControlGroups.newName();
        assertThat(ControlGroups.ownerLives(mine)).isTrue();
        assertThat(ControlGroups.ownerLives(mine.replaceFirst("-[0-9a-z]+-([0-9]+)$", "-0-$1")))
                .isFalse();
        assertThat(ControlGroups.ownerLives("drydock-something")).as("not ours").isTrue();
        assertThat(ControlGroups.ownerLives("drydock-a-b-c")).as("not ours").isTrue();
    }
}
