package dev.drydock.export;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.layer.FlatTree;
import dev.drydock.layer.LayerEntry;
import dev.drydock.layer.Xattr;
import dev.drydock.linux.Directory;
import dev.drydock.linux.Errno;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.LinuxError;
import dev.drydock.linux.OpenFile;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a snapshot shows into a directory of somebody's, as BuildKit's local exporter does: everything belongs to this
 * process, modes and times are the image's, a directory that is there is merged, anything else that is there gives way. No
 * symbolic link below the directory is followed. Each file appears whole under its name. For one thread.
 */
public final class FilesDirectory {
    private static final int BUFFER = 128 * 1024;

    /** From this size on the kernel copies. */
    private static final long LARGE = 256 * 1024;

    private static final int PRIVATE = 0700;
    private static final String STAGING = ".drydock-export-";

    private final FlatTree tree;
    private final @Nullable Long timeNs;
    private final Foreign foreign;
    private final Directory root;
    private final Directory staging;
    private final int uid;
    private final int gid;
    private final Map<String, String> written = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER];
    private long bytes;

    /** What becomes of files that the snapshot does not have. */
    public enum Foreign {
        KEEP,
        DELETE
    }

    private FilesDirectory(
            Snapshot snapshot, Directory root, Directory staging, Foreign foreign, @Nullable Long timeNs) {
        this.tree = new FlatTree(snapshot);
        this.root = root;
        this.staging = staging;
        this.foreign = foreign;
        this.timeNs = timeNs;
        try (Directory self = Directory.open("/proc/self")) {
            FileStat stat = self.stat();
            this.uid = stat.uid();
            this.gid = stat.gid();
        }
    }

    /**
     * Writes the files.
     *
     * @param directory made, for this user alone, if it is missing
     * @param timeNs the time that everything gets, in nanoseconds since the epoch; null keeps each file's own
     * @return how many bytes of files were written
     */
    public static long write(Snapshot snapshot, Path directory, Foreign foreign, @Nullable Long timeNs)
            throws InterruptedException {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw Disk.fault("make directory " + directory, e);
        }
        String name = STAGING + ProcessHandle.current().pid();
        try (Directory root = Directory.open(directory)) {
            sweep(root);
            root.removeTree(name);
            root.makeDirectory(name, PRIVATE);
            try (Directory staging = root.openDirectory(name)) {
                FilesDirectory files = new FilesDirectory(snapshot, root, staging, foreign, timeNs);
                files.fill(files.root, files.tree.root());
                return files.bytes;
            } finally {
                root.removeTree(name);
            }
        }
    }

    /** Removes what processes left that were killed. */
    private static void sweep(Directory root) {
        for (String name : root.names()) {
            String pid = name.startsWith(STAGING) ? name.substring(STAGING.length()) : "";
            if (pid.matches("[0-9]{1,10}")
                    && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                root.removeTree(name);
            }
        }
    }

    private void fill(Directory into, FlatTree.Place place) throws InterruptedException {
        Set<String> names = new HashSet<>();
        for (FlatTree.Node node : tree.list(place)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String name = node.name();
            if (foreign == Foreign.DELETE) {
                names.add(name);
            }
            if (node.isDirectory()) {
                directory(into, name, place, node);
            } else {
                put(into, name, node);
            }
        }
        if (foreign == Foreign.DELETE) {
            for (String name : into.names()) {
                if (!names.contains(name) && !name.startsWith(STAGING)) {
                    into.removeTree(name);
                }
            }
        }
    }

    private void directory(Directory into, String name, FlatTree.Place place, FlatTree.Node node)
            throws InterruptedException {
        Optional<FileStat> before = into.find(name);
        if (before.isPresent() && !before.get().isDirectory()) {
            into.unlink(name);
        }
        into.makeDirectoryIfAbsent(name, PRIVATE);
        try (Directory here = into.openDirectory(name)) {
            fill(here, tree.enter(place, node));
            own(here, "");
            here.chmod("", node.entry().mode());
            here.setTime("", time(node));
        }
    }

    private long time(FlatTree.Node node) {
        return timeNs == null ? node.entry().mtimeNs() : timeNs;
    }

    /** A set-group-ID directory gives its own group to what is made in it. */
    private void own(Directory directory, String name) {
        FileStat stat = directory.stat(name);
        if (stat.uid() != uid || stat.gid() != gid) {
            directory.chown(name, uid, gid);
        }
    }

    private void put(Directory into, String name, FlatTree.Node node) {
        String made = stage(node);
        if (into.find(name).filter(FileStat::isDirectory).isPresent()) {
            into.removeTree(name);
        }
        try {
            staging.rename(made, into, name);
        } catch (EnvironmentFault fault) {
            if (LinuxError.is(fault, Errno.EXDEV)) {
                throw new UserFault(
                                "write " + into.path() + "/" + name + ": another file system is mounted there", fault)
                        .hint("Export into a directory without mounts in it.");
            }
            throw fault;
        }
        if (node.entry().type() == LayerEntry.Type.FILE) {
            written.putIfAbsent(node.file(), node.entry().path());
        }
    }

    /** Makes a file under a name of its own. */
    private String stage(FlatTree.Node node) {
        LayerEntry entry = node.entry();
        String name = "f";
        staging.removeTree(name);
        switch (entry.type()) {
            case FILE -> {
                String first = written.get(node.file());
                if (first != null) {
                    link(first, name);
                    return name;
                }
                file(node, name);
            }
            case SYMLINK -> staging.symlink(entry.link(), name);
            case CHAR_DEVICE -> staging.makeNode(name, FileStat.CHAR_DEVICE | PRIVATE, entry.major(), entry.minor());
            case BLOCK_DEVICE -> staging.makeNode(name, FileStat.BLOCK_DEVICE | PRIVATE, entry.major(), entry.minor());
            case FIFO -> staging.makeNode(name, FileStat.FIFO | PRIVATE, 0, 0);
            case DIRECTORY, WHITEOUT -> throw new IllegalStateException(entry.path());
        }
        own(staging, name);
        if (entry.type() != LayerEntry.Type.SYMLINK) {
            staging.chmod(name, entry.mode());
        }
        staging.setTime(name, time(node));
        return name;
    }

    private void link(String first, String name) {
        int slash = first.lastIndexOf('/');
        if (slash < 0) {
            root.link(first, staging, name);
            return;
        }
        try (Directory parent = root.openBeneath(first.substring(0, slash))) {
            parent.link(first.substring(slash + 1), staging, name);
        }
    }

    private void file(FlatTree.Node node, String name) {
        LayerEntry entry = node.entry();
        try (Directory fs = Directory.open(node.layer().fs());
                OpenFile from = fs.openFile(entry.path());
                OpenFile to = staging.createFile(name, 0600)) {
            if (entry.size() >= LARGE) {
                to.copyWhole(from, entry.size(), buffer);
            } else {
                for (int n = from.read(buffer, 0, BUFFER); n > 0; n = from.read(buffer, 0, BUFFER)) {
                    to.write(buffer, 0, n);
                }
            }
            for (Xattr attribute : entry.xattrs()) {
                attribute(to, attribute);
            }
        }
        bytes += entry.size();
    }

    /** Those that this process may not set are left out, as BuildKit leaves them out. */
    private static void attribute(OpenFile file, Xattr attribute) {
        try {
            file.xattrs().set(attribute.name(), attribute.value());
        } catch (EnvironmentFault fault) {
            if (Disk.isFull(fault)) {
                throw fault;
            }
        }
    }
}
