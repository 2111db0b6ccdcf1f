package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How SELinux is to see steps: as containers, which may touch what is labelled for them and nothing else of the host's.
 *
 * <p>All steps have the same label. Categories that keep containers apart would keep a step from files that an earlier one
 * wrote into a layer or a cache.
 *
 * @param process of processes, such as {@code system_u:system_r:container_t:s0}
 * @param files of files that they may write, such as {@code system_u:object_r:container_file_t:s0}
 */
record SelinuxLabels(String process, String files) {
    private static final String ATTRIBUTE = "security.selinux";

    /**
     * Where a host keeps what SELinux is and says.
     *
     * @param fileSystem the kernel's own, {@code /sys/fs/selinux}
     * @param current the label of this process, {@code /proc/self/attr/current}
     * @param policies {@code /etc/selinux}
     */
    record Places(Path fileSystem, Path current, Path policies) {
        static final Places HOST =
                new Places(Path.of("/sys/fs/selinux"), Path.of("/proc/self/attr/current"), Path.of("/etc/selinux"));

        /** Whether the kernel has a policy and asks it. */
        boolean enabled() {
            if (!Files.exists(fileSystem.resolve("enforce"))) {
                return false;
            }
            try {
                String label = text(Files.readAllBytes(current));
                return !label.isEmpty()
                        && !label.equals("kernel"); // before a policy is loaded everything is the kernel's
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** What the host's policy says of containers; empty without SELinux, or where its policy knows no containers. */
    static Optional<SelinuxLabels> ofPolicy(Places places) {
        if (!places.enabled()) {
            return Optional.empty();
        }
        try {
            String type = value(Files.readAllLines(places.policies.resolve("config")), "SELINUXTYPE");
            List<String> contexts =
                    Files.readAllLines(places.policies.resolve(type).resolve("contexts/lxc_contexts"));
            String process = value(contexts, "process");
            String files = value(contexts, "file");
            return process.isEmpty() || files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SelinuxLabels(process, files));
        } catch (IOException e) {
            return Optional.empty(); // a policy without containers
        }
    }

    /** Lines such as {@code process = "system_u:system_r:container_t:s0"}; empty if there is none. */
    private static String value(List<String> lines, String name) {
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.substring(0, equals).strip().equals(name)) {
                return line.substring(equals + 1).strip().replaceAll("^\"|\"$", "");
            }
        }
        return "";
    }

    /**
     * The labels for steps whose files are in a store; null where they are not confined: without SELinux, or where the store
     * is not labelled as a place for containers, whose steps could read none of it.
     */
    static @Nullable SelinuxLabels forStore(Path store, Places places) {
        return ofPolicy(places).filter(labels -> labels.isOf(store)).orElse(null);
    }

    /** Whether a directory has the type of these files. */
    boolean isOf(Path directory) {
        try (Directory opened = Directory.open(directory)) {
            return opened.xattrs()
                    .get(ATTRIBUTE)
                    .map(label -> type(text(label)).equals(type(files)))
                    .orElse(false);
        } catch (EnvironmentFault e) {
            return false; // a file system without labels
        }
    }

    /** The third word of four, for people: {@code container_file_t}. */
    String fileType() {
        return type(files);
    }

    private static String type(String label) {
        String[] words = label.split(":", -1);
        return words.length > 2 ? words[2] : "";
    }

    /** The kernel ends labels with a NUL. */
    private static String text(byte[] label) {
        return new String(label, StandardCharsets.UTF_8).replace("\0", "").strip();
    }
}
