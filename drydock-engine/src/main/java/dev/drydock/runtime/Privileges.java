package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.IdMap;
import dev.drydock.linux.SubordinateIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether this process may make namespaces, mounts and files of other owners, and if not, what exactly is missing. */
public final class Privileges {
    private static final int CAP_SYS_ADMIN = 21;

    /** What chroot(2) in a copy of the layers takes, by number; files of every owner, and device files, are made. */
    private static final Map<Integer, String> FOR_CHROOT = new TreeMap<>(Map.of(
            0, "CAP_CHOWN",
            1, "CAP_DAC_OVERRIDE",
            3, "CAP_FOWNER",
            5, "CAP_KILL",
            6, "CAP_SETGID",
            7, "CAP_SETUID",
            18, "CAP_SYS_CHROOT",
            27, "CAP_MKNOD"));

    /** Why only chroot is left. */
    static final String MAY_NOT_MOUNT = "root lacks the capability CAP_SYS_ADMIN, which mounts and namespaces need";

    static final String IN_A_CONTAINER = "In a container, start it with `--privileged` or"
            + " `--cap-add SYS_ADMIN --security-opt seccomp=unconfined`.";

    private Privileges() {}

    /**
     * Something that this host lacks.
     *
     * @param what the cause, as the end of a sentence
     * @param mend what to do about it, a sentence
     */
    record Lack(String what, String mend) {}

    /**
     * Whether files can be given the owners that images want.
     *
     * @throws EnvironmentFault if they cannot, with the reason
     */
    public static void checkOwners() {
        if (status("Uid:", 10, 0) == 0) {
            return;
        }
        Lack lack = noNamespace().orElse(NO_LAUNCHER);
        throw new EnvironmentFault(
                        "make files for an image: this process is neither root nor root of a user namespace: "
                                + lack.what())
                .hint(lack.mend());
    }

    private static final Lack NO_LAUNCHER =
            new Lack("it was not started by the launcher, which enters one", "Run as root, or start bin/drydock.");

    /** Whether this process may make mounts and namespaces, if nothing filters its system calls. */
    static boolean mayMount() {
        return has(CAP_SYS_ADMIN);
    }

    /** Which capabilities of those that chroot(2) and nothing else takes are not there. */
    static List<String> missingForChroot() {
        return FOR_CHROOT.entrySet().stream()
                .filter(each -> !has(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean has(int capability) {
        return (status("CapEff:", 16, -1) >>> capability & 1) != 0;
    }

    /**
     * Whether steps can run with the rights of this process.
     *
     * @param bare whether chroot(2) and nothing else is good enough
     * @throws EnvironmentFault if they cannot
     */
    static void check(boolean bare) {
        checkOwners();
        if (mayMount()) {
            return;
        }
        List<String> missing = missingForChroot();
        if (bare && missing.isEmpty()) {
            return;
        }
        throw new EnvironmentFault("run step: " + MAY_NOT_MOUNT
                        + (bare ? ", and " + String.join(", ", missing) + ", which chroot without them needs" : ""))
                .hint(IN_A_CONTAINER);
    }

    /** Why a plain user of this host cannot make a user namespace; empty if it can. */
    static Optional<Lack> noNamespace() {
        if (number("/proc/sys/user/max_user_namespaces", 1) == 0) {
            return Optional.of(new Lack(
                    "user namespaces are switched off (sysctl user.max_user_namespaces is 0)",
                    "Run as root, or switch them on: `sudo sysctl -w user.max_user_namespaces=15000`."));
        }
        if (number("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0) {
            return Optional.of(new Lack(
                    "user namespaces are for root only (sysctl kernel.unprivileged_userns_clone is 0)",
                    "Run as root, or allow them: `sudo sysctl -w kernel.unprivileged_userns_clone=1`."));
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent() && number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1) {
            return Optional.of(new Lack(
                    "AppArmor keeps user namespaces from this program"
                            + " (sysctl kernel.apparmor_restrict_unprivileged_userns is 1)",
                    "Run as root, or allow them: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."));
        }
        return refusal.map(words -> new Lack(
                "the kernel refuses one: " + words,
                "Run as root; in a container, start that with `--security-opt seccomp=unconfined`."));
    }

    /** Why a plain user has one ID only in its user namespace; empty if it has more. */
    static Optional<Lack> oneId() {
        Programs programs = new Programs(System.getenv());
        for (String program : List.of("newuidmap", "newgidmap")) {
            if (programs.find(program).isEmpty()) {
                return Optional.of(new Lack(program + " is not installed", SubordinateIds.advice()));
            }
        }
        return IdMap.users().size() > 1
                ? Optional.empty()
                : Optional.of(
                        new Lack("/etc/subuid and /etc/subgid have no range for this user", SubordinateIds.advice()));
    }

    /** What a program says that makes a user namespace; empty if it makes it, or is not there. */
    private static Optional<String> refusal() {
        Optional<Path> unshare = new Programs(System.getenv()).find("unshare");
        if (unshare.isEmpty()) {
            return Optional.of("unshare is not installed (Debian's package is util-linux)");
        }
        try {
            Process process = new ProcessBuilder(unshare.get().toString(), "--user", "true")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                String words = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
                return process.waitFor() == 0 ? Optional.empty() : Optional.of(words);
            }
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
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
