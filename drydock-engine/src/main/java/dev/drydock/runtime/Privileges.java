package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this process may make namespaces and mounts, and if not, what exactly is missing. */
final class Privileges {
    private static final int CAP_SYS_ADMIN = 21;

    private Privileges() {}

    /** @throws EnvironmentFault if steps cannot run with the rights of this process */
    static void check() {
        long uid = status("Uid:", 10, 0);
        long capabilities = status("CapEff:", 16, -1);
        if (uid == 0 && (capabilities >>> CAP_SYS_ADMIN & 1) != 0) {
            return;
        }
        if (uid == 0) {
            throw new EnvironmentFault(
                            "run step: root lacks the capability CAP_SYS_ADMIN, which mounts and namespaces need")
                    .hint(
                            "In a container, start it with `--privileged` or `--cap-add SYS_ADMIN --security-opt seccomp=unconfined`.");
        }
        EnvironmentFault fault = new EnvironmentFault(
                "run step: this process is neither root nor root of a user namespace: " + missing());
        throw fault.hint("Run as root.");
    }

    private static String missing() {
        if (number("/proc/sys/user/max_user_namespaces", 1) == 0) {
            return "user namespaces are switched off (sysctl user.max_user_namespaces is 0)";
        }
        if (number("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0) {
            return "user namespaces are for root only (sysctl kernel.unprivileged_userns_clone is 0)";
        }
        if (number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1) {
            return "AppArmor keeps user namespaces from this program"
                    + " (sysctl kernel.apparmor_restrict_unprivileged_userns is 1)";
        }
        Programs programs = new Programs(System.getenv());
        for (String program : List.of("newuidmap", "newgidmap")) {
            if (programs.find(program).isEmpty()) {
                return program + " is not installed (Debian's package is uidmap)";
            }
        }
        String user = System.getProperty("user.name");
        for (String file : List.of("/etc/subuid", "/etc/subgid")) {
            if (!hasRange(file, user)) {
                return file + " has no range for user " + user;
            }
        }
        return "start it with the launcher, which enters a user namespace";
    }

    private static boolean hasRange(String file, String user) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.anyMatch(line -> line.startsWith(user + ":"));
        } catch (IOException e) {
            return false;
        }
    }

    private static long number(String file, long otherwise) {
        try {
            return Long.parseLong(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            return otherwise; // this kernel has no such switch
        }
    }

    /** The effective user ID is the second of its line, the only number of a capability line the first. */
    private static long status(String field, int radix, long otherwise) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(field)) {
                    String[] words = line.split("\\s+", -1);
                    return Long.parseUnsignedLong(words[words.length > 2 ? 2 : 1], radix);
                }
            }
            return otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }
}
