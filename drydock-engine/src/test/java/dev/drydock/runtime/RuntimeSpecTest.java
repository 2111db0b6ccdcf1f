package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import dev.drydock.house.Requires;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeSpecTest {
    private static final Host HOST = new Host(-1, false, Host.Cgroups.UNIFIED, "amd64", 6001);

    private static ProcessSpec process(Op.Network network, Op.Security security, List<Op.Ulimit> ulimits) {
        return new ProcessSpec(
                "drydock-1-a-1",
                List.of(),
                Path.of("/upper"),
                Path.of("/work"),
                List.of("/bin/sh", "-c", "make"),
                List.of("PATH=/bin", "A=<b>"),
                "/src",
                1000,
                -2,
                List.of(4, 24),
                "buildkitsandbox",
                List.of(
                        new ProcessSpec.Bind.HostPath("/etc/hosts", Path.of("/tmp/hosts"), true),
                        new ProcessSpec.Bind.Tmpfs("/mem", 1024)),
                network,
                security,
                ulimits,
                List.of(),
                null,
                ResourceLimits.NONE,
                DeviceEdits.NONE);
    }

    private static String spec(Host host, Op.Network network, Op.Security security) {
        List<Op.Ulimit> ulimits = List.of(new Op.Ulimit("nofile", 1024, -1));
        return RuntimeSpec.of(
                        process(network, security, ulimits),
                        host,
                        StepFilter.of(host),
                        "/step/root",
                        List.of("/tmp/hosts", ""))
                .indentedForPeople();
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = RuntimeSpecTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aSandboxedStepIsWrittenAsTheGoldenFileSays() throws IOException {
        assertThat(spec(HOST, Op.Network.DEFAULT, Op.Security.SANDBOX) + "\n").isEqualTo(golden("sandbox.json"));
    }

    @Test
    void anInsecureStepIsWrittenAsTheGoldenFileSays() throws IOException {
        Host some = new Host(0x1fffeffffffL, false, Host.Cgroups.UNIFIED, "amd64", 6001);
        assertThat(spec(some, Op.Network.NONE, Op.Security.INSECURE) + "\n").isEqualTo(golden("insecure.json"));
    }

    @Test
    void selinuxLabelsAreOfTheProcessAndOfWhatIsMountedForIt() {
        Host labelled = HOST.labelled(new SelinuxLabels("u:r:container_t:s0", "u:r:container_file_t:s0"));
        assertThat(spec(labelled, Op.Network.DEFAULT, Op.Security.SANDBOX))
                .contains("\"selinuxLabel\": \"u:r:container_t:s0\"")
                .contains("\"mountLabel\": \"u:r:container_file_t:s0\"");
        assertThat(spec(labelled, Op.Network.DEFAULT, Op.Security.INSECURE)).doesNotContain("selinux", "mountLabel");
        assertThat(spec(HOST, Op.Network.DEFAULT, Op.Security.SANDBOX)).doesNotContain("selinux", "mountLabel");
    }

    @Test
    void capabilitiesTheHostLacksAreNotAskedFor() {
        Host poor = new Host(1L << 0 | 1L << 21, false, Host.Cgroups.LEGACY, "amd64", 6001);
        assertThat(spec(poor, Op.Network.DEFAULT, Op.Security.SANDBOX))
                .contains("\"CAP_CHOWN\"")
                .doesNotContain("CAP_SETUID", "CAP_SYS_ADMIN");
    }

    @Test
    void aUserNamespaceHasNoControlGroupsAndTheHostsSys() {
        Host user = new Host(-1, true, Host.Cgroups.NONE, "amd64", 6001);
        assertThat(spec(user, Op.Network.HOST, Op.Security.SANDBOX))
                .doesNotContain("cgroup", "gid=5")
                .contains("\"source\": \"/sys\"");
        assertThat(spec(user, Op.Network.NONE, Op.Security.SANDBOX)).contains("\"source\": \"sysfs\"");
    }

    @Test
    void theAppArmorProfileThatIsLoadedIsUsed(@TempDir Path directory) throws IOException {
        Path loaded = directory.resolve("profiles");
        assertThat(Host.appArmor(loaded)).isNull();
        Files.writeString(loaded, "/usr/bin/man (enforce)\ndocker-default (complain)\n");
        assertThat(Host.appArmor(loaded)).isNull();
        Files.writeString(loaded, "containers-default-0.44.4 (enforce)\ncri-containerd.apparmor.d (enforce)\n");
        assertThat(Host.appArmor(loaded)).isEqualTo("cri-containerd.apparmor.d");
        Files.writeString(loaded, "containers-default-0.44.4 (enforce)\n");
        assertThat(Host.appArmor(loaded)).isEqualTo("containers-default-0.44.4");
        Host host = new Host(-1, false, Host.Cgroups.UNIFIED, "amd64", 6001, "docker-default", null);
        assertThat(spec(host, Op.Network.DEFAULT, Op.Security.SANDBOX))
                .contains("\"apparmorProfile\": \"docker-default\"");
        assertThat(spec(host, Op.Network.DEFAULT, Op.Security.INSECURE)).doesNotContain("apparmor");
    }

    @Test
    void theFilterFollowsKernelMachineAndCapabilities() {
        List<String> none = List.of();
        assertThat(filter(new Host(0, false, Host.Cgroups.NONE, "amd64", 4007), none))
                .contains("\"arch_prctl\"", "\"SCMP_ARCH_X32\"")
                .doesNotContain("\"s390_");
        assertThat(filter(new Host(0, false, Host.Cgroups.NONE, "aarch64", 4008), none))
                .contains("\"ptrace\"", "\"arm_sync_file_range\"", "\"SCMP_ARCH_ARM\"")
                .doesNotContain("arch_prctl");
        assertThat(filter(HOST, List.of("CAP_SYS_ADMIN")))
                .contains("\"mount\"", "\"unshare\"")
                .doesNotContain("SCMP_CMP_MASKED_EQ");
        assertThat(filter(new Host(0, false, Host.Cgroups.NONE, "s390x", 6001), none))
                .contains("{\"index\":1,\"value\":2114060288,");
    }

    /** What the kernel has and the policy does not allow is refused; what this table does not know is missing. */
    @Test
    void everyCallOfTheKernelsTableIsDecided() {
        for (String arch : List.of("amd64", "aarch64")) {
            JsonValue profile = SeccompProfile.of(new Host(0, false, Host.Cgroups.NONE, arch, 6001), List.of());
            assertThat(profile.compact()).contains("\"defaultErrnoRet\":38");
            List<String> allowed = names(profile, "SCMP_ACT_ALLOW");
            List<String> refused = names(profile, "SCMP_ACT_ERRNO");
            Set<String> decided = new TreeSet<>(allowed);
            decided.addAll(refused);
            decided.addAll(List.of("clone", "personality", "socket")); // by their arguments
            assertThat(decided).containsAll(SeccompProfile.table(arch));
            assertThat(refused)
                    .contains("mount", "unshare", "setns", "bpf", "keyctl", "add_key", "request_key", "io_uring_setup")
                    .contains("userfaultfd", "open_by_handle_at", "kexec_load", "init_module", "reboot", "swapon")
                    .contains("fsopen", "move_mount", "pivot_root", "perf_event_open", "syslog", "settimeofday")
                    .doesNotContain("read", "openat", "execve", "fchmodat2");
        }
        assertThat(SeccompProfile.of(new Host(0, false, Host.Cgroups.NONE, "riscv64", 6001), List.of())
                        .compact())
                .as("no table of this machine")
                .contains("\"defaultErrnoRet\":1");
    }

    /** The runtime's own answer to younger calls leaves nothing to say of calls that are refused. */
    @Test
    void aRuntimeThatKnowsOfYoungerCallsGetsTheAllowedOnesOnly() {
        JsonValue brief = SeccompProfile.brief(HOST, List.of(), true);
        JsonValue whole = SeccompProfile.of(HOST, List.of());
        assertThat(brief.compact()).contains("\"defaultErrnoRet\":1,");
        assertThat(names(brief, "SCMP_ACT_ALLOW")).isEqualTo(names(whole, "SCMP_ACT_ALLOW"));
        assertThat(names(brief, "SCMP_ACT_ERRNO")).containsExactly("clone3");
        for (String label : List.of("runc", "crun 1.8.1", "runc 1.0.0-rc10", "runc 0.1.1")) {
            assertThat(runtime(label).knowsOfYoungerCalls()).as(label).isFalse();
        }
        for (String label : List.of("runc 1.0.0", "runc 1.1.5", "runc 1.3.0", "runc 2.10.1")) {
            assertThat(runtime(label).knowsOfYoungerCalls()).as(label).isTrue();
        }
    }

    @Test
    void whereTheKernelRunsNoX32ProgramsNothingElseOfTheProfileChanges() {
        String with = SeccompProfile.brief(HOST, List.of(), true).compact();
        assertThat(with).contains(",\"SCMP_ARCH_X32\"]");
        assertThat(SeccompProfile.brief(HOST, List.of(), false).compact())
                .isEqualTo(with.replace(",\"SCMP_ARCH_X32\"]", "]"));
    }

    private static OciRuntime runtime(String label) {
        return new OciRuntime(Path.of("/bin/runc"), OciRuntime.Kind.RUNC, label, false);
    }

    /** The names of rules that look at no argument. */
    private static List<String> names(JsonValue profile, String action) {
        Pattern rule = Pattern.compile("\\{\"names\":\\[([^]]*)],\"action\":\"" + action + "\"[^{}]*}");
        return rule.matcher(profile.compact())
                .results()
                .flatMap(match -> Arrays.stream(match.group(1).split(",", -1)))
                .map(name -> name.replace("\"", ""))
                .toList();
    }

    /** The header files of this machine's kernel, where they are installed, name nothing that the table lacks. */
    @Test
    void theTableIsTheKernels() throws IOException {
        Path header = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        Requires.that(Files.exists(header), "needs linux-libc-dev for amd64");
        Set<String> kernel = new TreeSet<>();
        for (String line : Files.readAllLines(header)) {
            if (line.startsWith("#define __NR_")) {
                kernel.add(line.substring("#define __NR_".length()).split(" ", -1)[0]);
            }
        }
        assertThat(SeccompProfile.table("amd64")).containsAll(kernel);
    }

    private static String filter(Host host, List<String> capabilities) {
        return SeccompProfile.of(host, capabilities).compact();
    }
}
