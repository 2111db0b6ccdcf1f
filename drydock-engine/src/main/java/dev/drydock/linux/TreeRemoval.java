package dev.drydock.linux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Removes trees of any depth with one open directory at a time, climbing by {@code ..}. */
final class TreeRemoval {
    private final Deque<Level> levels = new ArrayDeque<>();

    private record Level(String name, List<String> directories) {}

    private TreeRemoval() {}

    static void remove(Directory parent, String name) {
        long result = parent.tryUnlink(name, 0);
        if (result == 0 || result == -Errno.ENOENT) {
            return;
        }
        if (result != -Errno.EISDIR && result != -Errno.EPERM) {
            Directory.check(result, "remove", parent.path() + "/" + name);
        }
        new TreeRemoval().removeDirectory(parent, name);
    }

    private void removeDirectory(Directory parent, String name) {
        Directory here = enter(parent, name);
        try {
            while (true) {
                Level level = levels.getLast();
                Directory next;
                if (!level.directories.isEmpty()) {
                    next = enter(here, level.directories.removeLast());
                } else {
                    levels.removeLast();
                    if (levels.isEmpty()) {
                        break;
                    }
                    next = here.parent();
                    next.removeDirectory(level.name);
                }
                here.close();
                here = next;
            }
        } finally {
            here.close();
        }
        parent.removeDirectory(name);
    }

    /** Opens a directory, removes all files in it, and notes the directories in it. */
    private Directory enter(Directory parent, String name) {
        Directory directory = openAnyway(parent, name);
        List<String> directories = new ArrayList<>();
        for (String each : directory.names()) {
            long result = directory.tryUnlink(each, 0);
            if (result == -Errno.EACCES) {
                directory.chmod("", 0700);
                result = directory.tryUnlink(each, 0);
            }
            if (result == -Errno.EISDIR || result == -Errno.EPERM) {
                directories.add(each);
            } else if (result != -Errno.ENOENT) {
                Directory.check(result, "remove", directory.path() + "/" + each);
            }
        }
        levels.addLast(new Level(name, directories));
        return directory;
    }

    /** A directory of our own that nobody may read can still be removed after its mode is changed. */
    private static Directory openAnyway(Directory parent, String name) {
        try {
            return parent.openDirectory(name);
        } catch (dev.drydock.fault.EnvironmentFault fault) {
            if (!LinuxError.is(fault, Errno.EACCES)) {
                throw fault;
            }
            parent.chmod(name, 0700);
            return parent.openDirectory(name);
        }
    }
}
