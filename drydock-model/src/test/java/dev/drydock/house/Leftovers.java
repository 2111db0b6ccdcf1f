package dev.drydock.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * What work leaves on a machine when it does not clean up: processes, mounts in any namespace, control groups, open files,
 * locks, unfinished files of stores. Only what belongs to this JVM is seen: its descendants, and whatever has to do with the
 * temporary directories that carry its {@link #MARK}.
 */
public final class Leftovers {
    /** Begins the name of every temporary directory of this JVM's tests. */
    public static final String MARK = "drydock-test-" + ProcessHandle.current().pid() + "-";

    private static final Path PROC = Path.of("/proc");
    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");
    private static final int STORE_DEPTH = 4;
    private static final Queue<Long> WATCHED = new ConcurrentLinkedQueue<>();

    private Leftovers() {}

    /** Counts the control groups of this process, a Drydock that a test started, as ours. */
    public static void watch(Process drydock) {
        WATCHED.add(drydock.pid());
    }

    /** What is there now that was not in {@code before}. */
    public static Set<String> since(Collection<String> before) {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    /** Everything there is, one line for each. */
    public static Set<String> now() {
        Set<String> all = new TreeSet<>();
        try {
            ProcessHandle.current()
                    .descendants()
                    .filter(ProcessHandle::isAlive)
                    .forEach(child -> all.add("process " + child.pid() + " " + commandLine(child.pid())));
            processesAndMounts(all);
            openFiles(all);
            locks(all);
            controlGroups(all);
            unfinished(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static void processesAndMounts(Set<String> all) throws IOException {
        long self = ProcessHandle.current().pid();
        Set<String> namespaces = new HashSet<>();
        for (Path process : entries(PROC, "[0-9]*")) {
            long pid = Long.parseLong(process.getFileName().toString());
            String command = commandLine(pid);
            if (pid != self
                    && (command.contains(MARK)
                            || link(process.resolve("cwd")).contains(MARK)
                            || link(process.resolve("root")).contains(MARK))) {
                all.add("process " + pid + " " + command);
            }
            if (namespaces.add(link(process.resolve("ns/mnt")))) {
                text(process.resolve("mountinfo"))
                        .lines()
                        .filter(line -> line.contains(MARK))
                        .forEach(line -> all.add("mount " + line.substring(line.indexOf('/'))));
            }
        }
    }

    private static void openFiles(Set<String> all) throws IOException {
        for (Path descriptor : entries(PROC.resolve("self/fd"), "*")) {
            String target = link(descriptor);
            if (target.contains(MARK)) {
                all.add("open file " + descriptor.getFileName() + " " + target);
            }
        }
    }

    /** {@code 1: POSIX ADVISORY WRITE 4711 08:01:1234 0 EOF}; the JVM's own lock on its counters is of another kind. */
    private static void locks(Set<String> all) {
        String self = Long.toString(ProcessHandle.current().pid());
        text(PROC.resolve("locks")).lines().forEach(line -> {
            String[] words = line.strip().split("\\s+");
            if (words.length > 5 && words[1].equals("POSIX") && words[4].equals(self)) {
                all.add("lock " + String.join(" ", words[1], words[3], words[5]));
            }
        });
    }

    private static void controlGroups(Set<String> all) throws IOException {
        Set<String> prefixes = new HashSet<>();
        prefixes.add("drydock-" + ProcessHandle.current().pid() + "-");
        WATCHED.forEach(pid -> prefixes.add("drydock-" + pid + "-"));
        Set<Path> hierarchies = new HashSet<>(entries(CONTROL_GROUPS, "*"));
        hierarchies.add(CONTROL_GROUPS);
        for (Path hierarchy : hierarchies) {
            for (Path group : entries(hierarchy, "drydock-*")) {
                if (prefixes.stream().anyMatch(group.getFileName().toString()::startsWith)) {
                    all.add("control group " + group);
                }
            }
        }
    }

    /** What stores below the marked directories have in their places for unfinished work. */
    private static void unfinished(Set<String> all) throws IOException {
        for (Path marked : entries(Path.of(System.getProperty("java.io.tmpdir")), MARK + "*")) {
            try (Stream<Path> below = Files.find(
                    marked,
                    STORE_DEPTH,
                    (path, attributes) -> path.getFileName().toString().equals("drydock.db"))) {
                for (Path database : below.toList()) {
                    for (String place : Set.of("tmp", "leases")) {
                        entries(database.resolveSibling(place), "*")
                                .forEach(file -> all.add("unfinished file " + file));
                    }
                }
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
                // something in it was deleted while it was looked at
            }
        }
    }

    private static Set<Path> entries(Path directory, String pattern) throws IOException {
        Set<Path> entries = new TreeSet<>();
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) || directory.startsWith(PROC)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
                stream.forEach(entries::add);
            } catch (NoSuchFileException e) {
                return entries; // gone meanwhile
            }
        }
        return entries;
    }

    private static String commandLine(long pid) {
        return text(PROC.resolve(pid + "/cmdline")).replace('\0', ' ').strip();
    }

    /** Empty when the process has ended. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
