package dev.drydock.runtime;

import dev.drydock.graph.ResourceLimits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The control groups of steps. A runtime removes its own when it ends well; after a kill somebody else must. A group that
 * still has a process cannot be removed, so removing by name is safe.
 */
final class ControlGroups {
    private static final String PREFIX = "drydock-";
    private static final AtomicLong COUNTER = new AtomicLong();

    private ControlGroups() {}

    /**
     * Moves this process to the group that it is in. Who moves a process waits for the whole machine's processors to pass
     * a quiet point, some milliseconds, unless somebody else has done so just before: a runtime that follows need not.
     */
    static void expectMove() {
        try {
            List<String> groups = Files.readAllLines(Path.of("/proc/self/cgroup"));
            Optional<Path> own = members(groups, Host.CGROUP_ROOT);
            if (own.isPresent()) {
                stay(own.get(), ProcessHandle.current().pid());
            }
        } catch (IOException e) {
            return; // not ours to write: the runtime waits, or has none either
        }
    }

    /** Moves this process to the group of a file of members, if it is one of them. */
    static void stay(Path members, long self) throws IOException {
        // where the host's groups are mounted in a container, the path of its own leads to another
        if (Files.readAllLines(members).contains(Long.toString(self))) {
            Files.writeString(members, "0", StandardOpenOption.WRITE);
        }
    }

    /**
     * The file of one group's members.
     *
     * @param groups lines of {@code /proc/self/cgroup}: number, controllers, path
     */
    static Optional<Path> members(List<String> groups, Path root) {
        for (String line : groups) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3) {
                String hierarchy = parts[1].startsWith("name=") ? parts[1].substring("name=".length()) : parts[1];
                Path file =
                        root.resolve(hierarchy).resolve(parts[2].substring(1)).resolve("cgroup.procs");
                if (Files.isWritable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /** A name that is unique on this host and tells whose it is: process ID, its start time, a number. */
    static String newName() {
        long self = ProcessHandle.current().pid();
        return PREFIX + self + "-" + Long.toString(startTicks(self), Character.MAX_RADIX) + "-"
                + COUNTER.incrementAndGet();
    }

    /** The step's group, from the top of every hierarchy. */
    static String path(ProcessSpec process) {
        return parent(process) + process.id();
    }

    private static String parent(ProcessSpec process) {
        String parent = process.cgroupParent();
        String clean = parent == null ? "" : Path.of("/", parent).normalize().toString();
        return clean.endsWith("/") ? clean : clean + "/";
    }

    /** Removes the groups of a step, empty ones only. Returns whether none is left. */
    static boolean remove(ProcessSpec process) {
        boolean gone = true;
        for (Path hierarchy : hierarchies()) {
            gone &= removeGroup(hierarchy.resolve(path(process).substring(1)));
        }
        return gone;
    }

    /** Removes what dead processes left below the parent of a step's group. */
    static void sweepParent(ProcessSpec process) {
        for (Path hierarchy : hierarchies()) {
            sweep(hierarchy.resolve(parent(process).substring(1)));
        }
    }

    /** Which of the limits no controller of a host keeps, by name; {@code root} is where control groups are mounted. */
    static List<String> withoutController(ResourceLimits limits, Path root) {
        Set<String> controllers = new HashSet<>();
        try {
            Path unified = root.resolve("cgroup.controllers");
            if (Files.exists(unified)) {
                controllers.addAll(List.of(Files.readString(unified).strip().split(" ", -1)));
            } else {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                    for (Path entry : entries) {
                        controllers.addAll(
                                List.of(entry.getFileName().toString().split(",", -1)));
                    }
                }
            }
        } catch (IOException e) {
            return limits.names(); // not mounted
        }
        return limits.names().stream()
                .filter(name -> !controllers.contains(name.replaceFirst("-.*", "")))
                .toList();
    }

    private static boolean removeGroup(Path group) {
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (IOException e) {
            return false; // busy: a process of it has not ended yet
        }
    }

    /** Removes what dead processes left. */
    static void sweep() {
        for (Path hierarchy : hierarchies()) {
            sweep(hierarchy);
        }
    }

    private static void sweep(Path hierarchy) {
        try (DirectoryStream<Path> stale = Files.newDirectoryStream(hierarchy, PREFIX + "*")) {
            for (Path group : stale) {
                if (!ownerLives(group.getFileName().toString())) {
                    removeGroup(group);
                }
            }
        } catch (IOException e) {
            return; // not readable, so nothing of ours is in it
        }
    }

    /** Names that are not ours belong to somebody who lives. */
    static boolean ownerLives(String name) {
        String[] parts = name.split("-", -1);
        if (parts.length != 4) {
            return true;
        }
        try {
            return startTicks(Long.parseLong(parts[1])) == Long.parseLong(parts[2], Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static List<Path> hierarchies() {
        if (Files.exists(Host.CGROUP_ROOT.resolve("cgroup.controllers"))) {
            return List.of(Host.CGROUP_ROOT);
        }
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Host.CGROUP_ROOT, Files::isDirectory)) {
            entries.forEach(all::add);
        } catch (IOException e) {
            return List.of(); // not mounted
        }
        return all;
    }

    /** When the process started, in clock ticks since boot; -1 if there is none. */
    private static long startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // the second field is a name in parentheses with anything in it
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[19]);
        } catch (IOException e) {
            return -1;
        }
    }
}
