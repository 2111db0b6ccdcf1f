package dev.drydock.runtime;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.snapshot.LayeredTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a step would have mounted, put into a root that is a copy, and taken out again when this is closed: files and trees as
 * copies that are thrown away, caches by moving them in and back, secrets as names of files outside of the root that the
 * helper fills and empties. What was in their places waits beside the root.
 *
 * <p>No link is followed: targets lead through none of the layers, and a cache or a step may have made others.
 */
final class PlacedBinds implements AutoCloseable {
    static final String ASIDE = "aside";
    static final String SECRETS = "secrets";

    /** The harmless devices: name, major and minor number. */
    private static final List<Device> DEVICES = List.of(
            new Device("null", 1, 3),
            new Device("zero", 1, 5),
            new Device("full", 1, 7),
            new Device("random", 1, 8),
            new Device("urandom", 1, 9),
            new Device("tty", 5, 0));

    private final Directory root;
    private final Directory own;
    private final CopiedRoot copied;
    private final Deque<Place> places = new ArrayDeque<>();

    private record Device(String name, int major, int minor) {}

    /**
     * One that is there.
     *
     * @param aside the name by which what was there waits; null if nothing was
     * @param home where it goes back to; null if it is thrown away
     * @param stays whether an empty directory is left where there was none, as in BuildKit's layers
     */
    private record Place(
            String path, @Nullable String aside, @Nullable Path home, boolean stays) {}

    private interface Content {
        void make(Directory parent, String name) throws InterruptedException;
    }

    private PlacedBinds(Path directory, CopiedRoot copied) {
        this.own = Directory.open(directory);
        this.root = own.openDirectory("root");
        this.copied = copied;
    }

    /**
     * Puts everything into the root. The caller closes it, when no process of the step is left.
     *
     * @param process its targets lead through no link of its layers
     * @param directory the step's own, with the directories of a {@link BareScript}
     */
    static PlacedBinds place(ProcessSpec process, Path directory, CopiedRoot copied) throws InterruptedException {
        PlacedBinds placed = new PlacedBinds(directory, copied);
        try {
            placed.empty("/proc", 0755, true);
            placed.empty("/sys", 0755, true);
            placed.put("/dev", null, true, PlacedBinds::devices);
            for (int i = 0; i < process.binds().size(); i++) {
                placed.bind(process.binds().get(i), i);
            }
            placed.enter(process.cwd()).close();
            return placed;
        } catch (RuntimeException | InterruptedException e) {
            placed.close();
            throw e;
        }
    }

    private void bind(ProcessSpec.Bind bind, int index) throws InterruptedException {
        switch (bind) {
            case ProcessSpec.Bind.Tmpfs tmpfs -> empty(tmpfs.dest(), 01777, false);
            case ProcessSpec.Bind.InMemory secret ->
                put(secret.dest(), null, false, (parent, name) -> secret(secret, index, parent, name));
            case ProcessSpec.Bind.Tree tree ->
                put(tree.dest(), null, false, (parent, name) -> copy(tree.lowers(), tree.selector(), parent, name));
            case ProcessSpec.Bind.HostPath path
            when path.readOnly() ->
                put(path.dest(), null, false, (parent, name) -> hostFile(path.source(), parent, name));
            case ProcessSpec.Bind.HostPath path -> {
                if (Files.notExists(path.source(), LinkOption.NOFOLLOW_LINKS)) {
                    throw new UserFault(
                                    "mount target " + path.dest() + ": the same cache is at another place of this step")
                            .hint("Mount it once: here caches are moved, because nothing can be mounted.");
                }
                put(path.dest(), path.source(), false, (parent, name) -> move(path.source(), parent, name));
            }
        }
    }

    private void empty(String dest, int mode, boolean stays) throws InterruptedException {
        put(dest, null, stays, (parent, name) -> directory(parent, name, mode));
    }

    private static void directory(Directory parent, String name, int mode) {
        parent.makeDirectory(name, mode);
        parent.chmod(name, mode); // whatever the umask
    }

    private static void devices(Directory parent, String dev) {
        directory(parent, dev, 0755);
        try (Directory into = parent.openDirectory(dev)) {
            for (Device device : DEVICES) {
                into.makeNode(device.name, FileStat.CHAR_DEVICE | 0666, device.major, device.minor);
                into.chmod(device.name, 0666);
            }
            directory(into, "pts", 0755);
            directory(into, "mqueue", 01777);
            directory(into, "shm", 01777);
            // without /proc they lead nowhere, which is better than files in their places
            into.symlink("/proc/self/fd", "fd");
            into.symlink("/proc/self/fd/0", "stdin");
            into.symlink("/proc/self/fd/1", "stdout");
            into.symlink("/proc/self/fd/2", "stderr");
        }
    }

    private void secret(ProcessSpec.Bind.InMemory secret, int index, Directory parent, String name) {
        String file = SECRETS + "/" + index;
        own.createFile(file, 0600).close();
        own.chown(file, secret.uid(), secret.gid());
        own.chmod(file, secret.mode());
        own.link(file, parent, name);
    }

    private static void copy(List<Path> lowers, String selector, Directory parent, String name)
            throws InterruptedException {
        List<String> topFirst = lowers.reversed().stream().map(Path::toString).toList();
        try (LayeredTree tree = LayeredTree.ofDirectories(topFirst)) {
            CopiedTree.copyOne(tree, selector.startsWith("/") ? selector : "/" + selector, parent, name);
        }
    }

    private static void hostFile(Path source, Directory parent, String name) throws InterruptedException {
        try {
            Path real = source.toRealPath();
            Path above = real.resolveSibling("");
            try (Directory directory = Directory.open(above)) {
                String file = real.getFileName().toString();
                if (directory.stat(file).type() == FileStat.SOCKET) {
                    directory.link(file, parent, name); // a copy of a socket is nobody's
                } else {
                    copy(List.of(above), file, parent, name);
                }
            }
        } catch (IOException e) {
            throw new UserFault("run step: mount " + source + ": " + e.getMessage(), e);
        }
    }

    private static void move(Path source, Directory parent, String name) {
        try (Directory from = Directory.open(source.resolveSibling(""))) {
            from.rename(source.getFileName().toString(), parent, name);
        }
    }

    private void put(String dest, @Nullable Path home, boolean stays, Content content) throws InterruptedException {
        String name = dest.substring(dest.lastIndexOf('/') + 1);
        try (Directory parent = enter(dest.substring(0, dest.lastIndexOf('/')))) {
            long time = parent.stat().mtimeNs();
            Optional<FileStat> there = parent.find(name);
            if (there.isPresent() && there.get().isSymlink()) {
                throw new UserFault("mount target " + dest + ": it is a link");
            }
            String aside = there.isEmpty() ? null : ASIDE + "/" + places.size();
            if (aside != null) {
                parent.rename(name, own, aside);
            }
            places.push(new Place(dest, aside, home, stays));
            content.make(parent, name);
            parent.setTime("", time);
        }
    }

    /** Goes name by name and makes what is missing. Caller closes. */
    private Directory enter(String path) {
        Directory at = root.again();
        StringBuilder here = new StringBuilder();
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            here.append('/').append(name);
            try (Directory above = at) {
                Optional<FileStat> found = above.find(name);
                if (found.isEmpty()) {
                    long time = above.stat().mtimeNs();
                    directory(above, name, 0755);
                    above.setTime("", time);
                } else if (!found.get().isDirectory()) {
                    throw new UserFault("mount target " + here + ": it is "
                            + (found.get().isSymlink() ? "a link" : "no directory"));
                }
                at = above.openDirectory(name);
            }
        }
        return at;
    }

    /** Takes everything out, the last first. */
    @Override
    public void close() {
        try (own;
                root) {
            while (!places.isEmpty()) {
                takeOut(places.pop());
            }
        }
    }

    private void takeOut(Place place) {
        int slash = place.path.lastIndexOf('/');
        String name = place.path.substring(slash + 1);
        Optional<Directory> found = MountStubs.open(root, place.path.substring(0, slash));
        if (found.isEmpty()) {
            return; // the step has moved or replaced a directory on the way
        }
        try (Directory parent = found.get()) {
            long time = parent.stat().mtimeNs();
            Optional<FileStat> there = parent.find(name);
            Path home = place.home;
            if (home != null && there.isPresent() && !there.get().isSymlink()) {
                try (Directory to = Directory.open(home.resolveSibling(""))) {
                    parent.rename(name, to, home.getFileName().toString());
                }
            } else {
                parent.removeTree(name);
            }
            if (place.aside != null) {
                own.rename(place.aside, parent, name);
                copied.unchanged(place.path, parent.stat(name));
            } else if (place.stays) {
                directory(parent, name, 0755);
            }
            // that it came and went is nobody's business
            parent.setTime("", time);
        }
    }
}
