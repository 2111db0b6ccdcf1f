package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.IdMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime spec depends on beside the process: facts of this host that do not change while it is up.
 *
 * @param capabilities the bounding set as a bit mask: a process can be given no others
 * @param userNamespace whether the caller's root is not the host's root
 * @param cgroups how control groups are mounted
 * @param arch {@code os.arch}
 * @param kernel major times 1000 plus minor
 * @param appArmor the AppArmor profile for steps; null where the kernel has none loaded that is meant for containers
 * @param selinux the labels of steps; null where SELinux does not confine them
 */
record Host(
        long capabilities,
        boolean userNamespace,
        Cgroups cgroups,
        String arch,
        int kernel,
        @Nullable String appArmor,
        @Nullable SelinuxLabels selinux) {
    private static final Path APPARMOR = Path.of("/sys/kernel/security/apparmor/profiles");
    /** Docker's own, under the names that Docker, containerd and Podman load it by. */
    private static final List<String> PROFILES =
            List.of("docker-default", "cri-containerd.apparmor.d", "containers-default");

    /** A host without AppArmor and SELinux. */
    Host(long capabilities, boolean userNamespace, Cgroups cgroups, String arch, int kernel) {
        this(capabilities, userNamespace, cgroups, arch, kernel, null, null);
    }

    /** How control groups are mounted. */
    enum Cgroups {
        /** Version 2 alone. */
        UNIFIED,
        /** Version 1, and version 2 beside it. */
        HYBRID,
        /** Version 1 alone. */
        LEGACY,
        /** Not mounted, or not ours to write. */
        NONE
    }

    static final Path CGROUP_ROOT = Path.of("/sys/fs/cgroup");

    /** The same for steps that have no control groups. */
    Host withoutControlGroups() {
        return new Host(capabilities, userNamespace, Cgroups.NONE, arch, kernel, appArmor, selinux);
    }

    /** The same for steps with labels of SELinux; null for none. */
    Host labelled(@Nullable SelinuxLabels labels) {
        return new Host(capabilities, userNamespace, cgroups, arch, kernel, appArmor, labels);
    }

    static Host current() {
        try {
            boolean user = !IdMap.users().isInitial();
            return new Host(
                    boundingSet(),
                    user,
                    user ? Cgroups.NONE : readCgroups(),
                    System.getProperty("os.arch"),
                    readKernel(),
                    user ? null : appArmor(APPARMOR),
                    null);
        } catch (IOException e) {
            throw new EnvironmentFault("run step: read /proc: " + e.getMessage(), e);
        }
    }

    private static long boundingSet() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapBnd:")) {
                return Long.parseUnsignedLong(line.substring(7).strip(), 16);
            }
        }
        return -1L;
    }

    /** Whether control groups of version 2 are mounted beside those of version 1, whoever may write them. */
    static boolean hasBothVersions() {
        return !Files.exists(CGROUP_ROOT.resolve("cgroup.controllers"))
                && Files.exists(CGROUP_ROOT.resolve("unified/cgroup.controllers"));
    }

    private static Cgroups readCgroups() {
        if (Files.exists(CGROUP_ROOT.resolve("cgroup.controllers"))) {
            return Cgroups.UNIFIED;
        }
        if (hasBothVersions()) {
            return Cgroups.HYBRID;
        }
        return Files.exists(CGROUP_ROOT.resolve("devices/tasks")) ? Cgroups.LEGACY : Cgroups.NONE;
    }

    /** From lines such as {@code docker-default (enforce)}; a profile that only complains keeps nobody from anything. */
    static @Nullable String appArmor(Path loaded) {
        try {
            List<String> lines = Files.readAllLines(loaded);
            for (String name : PROFILES) {
                for (String line : lines) {
                    String profile = line.substring(0, Math.max(0, line.lastIndexOf(" (")));
                    boolean fits = name.equals("containers-default") ? profile.startsWith(name) : profile.equals(name);
                    if (fits && line.endsWith("(enforce)")) {
                        return profile;
                    }
                }
            }
            return null;
        } catch (IOException e) {
            return null; // no AppArmor, or not for us to see
        }
    }

    private static int readKernel() {
        String[] parts =
                System.getProperty("os.version").toLowerCase(Locale.ROOT).split("[^0-9]+", 3);
        return parts.length < 2 ? 0 : Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
}
