package dev.drydock.runtime;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.snapshot.TreeView;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The empty files and directories that a runtime makes as places for mounts. Those that the tree did not have, with the
 * directories above them, are taken out after the step if they are still empty; but {@code /dev}, {@code /proc} and {@code
 * /sys} stay, as in BuildKit's layers.
 */
public final class MountStubs {
    private static final List<String> STAYING = List.of("/dev", "/proc", "/sys");
    /** What crun gives to directories that it makes; other runtimes give them no sticky bit. */
    private static final int CRUN_MODE = 01755;

    private final Set<String> missing = new LinkedHashSet<>();
    private final List<String> staying;

    /** Notes which mount targets {@code root} lacks. */
    public MountStubs(TreeView root, Collection<String> targets) {
        for (String target : targets) {
            String path = root.resolve(target);
            while (!path.equals("/") && root.lstat(path).isEmpty()) {
                missing.add(path);
                int slash = path.lastIndexOf('/');
                path = slash == 0 ? "/" : path.substring(0, slash);
            }
        }
        staying = STAYING.stream().filter(path -> root.lstat(path).isEmpty()).toList();
    }

    /** Takes them out of the directory that has the step's changes. */
    public void clean(Path upper) {
        List<String> deepestFirst = missing.stream()
                .sorted((a, b) -> Integer.compare(b.length(), a.length()))
                .toList();
        try (Directory changes = Directory.open(upper)) {
            for (String path : deepestFirst) {
                in(changes, path, MountStubs::remove);
                in(changes, path, MountStubs::settle);
            }
            for (String path : staying) {
                in(changes, path, MountStubs::settle);
            }
        }
    }

    private interface Act {
        void on(Directory parent, String name);
    }

    private static void in(Directory changes, String path, Act act) {
        int slash = path.lastIndexOf('/');
        Optional<Directory> parent = open(changes, path.substring(0, slash));
        if (parent.isPresent()) {
            try (Directory directory = parent.get()) {
                act.on(directory, path.substring(slash + 1));
            }
        }
    }

    /** Goes name by name: the step may have put a link anywhere. Empty if no directory is there. Caller closes. */
    static Optional<Directory> open(Directory top, String path) {
        Directory at = top.again();
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            try (Directory above = at) {
                if (above.find(name).filter(FileStat::isDirectory).isEmpty()) {
                    return Optional.empty();
                }
                at = above.openDirectory(name);
            }
        }
        return Optional.of(at);
    }

    private static void remove(Directory directory, String name) {
        Optional<FileStat> stub = directory.find(name);
        long time = directory.stat().mtimeNs();
        if (stub.isEmpty() || !isEmpty(directory, name, stub.get())) {
            return;
        }
        if (stub.get().isDirectory()) {
            directory.removeDirectory(name);
        } else {
            directory.unlink(name);
        }
        // that the stub came and went is nobody's business
        directory.setTime("", time);
    }

    /** The layer is the same whatever the runtime. */
    private static void settle(Directory directory, String name) {
        Optional<FileStat> stub = directory.find(name);
        if (stub.isPresent() && stub.get().isDirectory() && stub.get().permissions() == CRUN_MODE) {
            directory.chmod(name, 0755);
        }
    }

    private static boolean isEmpty(Directory directory, String name, FileStat stub) {
        if (!stub.isDirectory()) {
            return stub.isRegular() && stub.size() == 0;
        }
        try (Directory inside = directory.openDirectory(name)) {
            return inside.names().isEmpty();
        }
    }
}
