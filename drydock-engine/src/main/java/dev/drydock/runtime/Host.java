package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.IdMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a runtime spec depends on beside the process: facts of this host that do not change while it is up.
 *
 * @param capabilities the bounding set as a bit mask: a process can be given no others
 * @param userNamespace whether the caller's root is not the host's root
 * @param cgroups how control groups are mounted
 * @param arch {@code os.arch}
 * @param kernel major times 1000 plus minor
 */
record Host(long capabilities, boolean userNamespace, Cgroups cgroups, String arch, int kernel) {
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
        return new Host(capabilities, userNamespace, Cgroups.NONE, arch, kernel);
    }

    static Host current() {
        try {
            boolean user = !IdMap.users().isInitial();
            return new Host(
                    boundingSet(),
                    user,
                    user ? Cgroups.NONE : readCgroups(),
                    System.getProperty("os.arch"),
                    readKernel());
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

    private static Cgroups readCgroups() {
        if (Files.exists(CGROUP_ROOT.resolve("cgroup.controllers"))) {
            return Cgroups.UNIFIED;
        }
        if (Files.exists(CGROUP_ROOT.resolve("unified/cgroup.controllers"))) {
            return Cgroups.HYBRID;
        }
        return Files.exists(CGROUP_ROOT.resolve("devices/tasks")) ? Cgroups.LEGACY : Cgroups.NONE;
    }

    private static int readKernel() {
        String[] parts =
                System.getProperty("os.version").toLowerCase(Locale.ROOT).split("[^0-9]+", 3);
        return parts.length < 2 ? 0 : Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
}
