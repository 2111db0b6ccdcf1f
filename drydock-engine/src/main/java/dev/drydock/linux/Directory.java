package dev.drydock.linux;

import static dev.drydock.linux.Syscalls.AT_SYMLINK_NOFOLLOW;
import static dev.drydock.linux.Syscalls.O_CLOEXEC;
import static dev.drydock.linux.Syscalls.O_DIRECTORY;
import static dev.drydock.linux.Syscalls.O_NOFOLLOW;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open directory, and what Linux can do to the names in it. Whoever opens it closes it; closing twice is harmless.
 *
 * <p>Names are strings as {@link PathBytes} makes them. Where a parameter is called {@code path}, a relative path with
 * slashes is taken too; the kernel resolves it from this directory and follows symbolic links in all but the last
 * component, so it must come from a trusted tree or from {@link #openBeneath}. No method follows a symbolic link in the
 * last component. Modes are set exactly, whatever the umask is. A call that fails throws an
 * {@link dev.drydock.fault.EnvironmentFault} that names the call and the error; {@link LinuxError#is} tells which.
 *
 * <p>Every method blocks in the kernel: call them from platform threads.
 */
public final class Directory implements AutoCloseable {
    private static final long RESOLVE_BENEATH = 0x08;
    private static final long RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RENAME_NOREPLACE = 1;
    private static final int RENAME_EXCHANGE = 2;

    private final String path;
    /**
     * Whether this process may read files here without changing their access time: their owner may. Not volatile: a thread
     * that has not heard of it pays one refused call.
     */
    private boolean readsUnseen = true;

    private int fd;

    private Directory(int fd, String path) {
        this.fd = fd;
        this.path = path;
    }

    /** Opens a directory by its path; a symbolic link is followed. */
    public static Directory open(String path) {
        return open(Syscalls.AT_FDCWD, path, path, 0);
    }

    /** Opens a directory by its path; a symbolic link is followed. */
    public static Directory open(java.nio.file.Path path) {
        return open(path.toAbsolutePath().toString());
    }

    private static Directory open(int at, String name, String path, int flags) {
        try (Scratch scratch = Scratch.take()) {
            long fd = Syscalls.call(
                    scratch, Syscalls.OPENAT, at, scratch.first(name), O_DIRECTORY | O_CLOEXEC | flags, 0, 0, 0);
            return new Directory((int) check(fd, "open directory", path), path);
        }
    }

    /** A short name of this directory while it is open: for socket addresses, which take 108 bytes. */
    public java.nio.file.Path shortPath() {
        return java.nio.file.Path.of("/proc/self/fd/" + fd);
    }

    /** Opens a directory in this one. */
    public Directory openDirectory(String path) {
        if (path.length() * 3 >= Scratch.PATH_MAX) {
            return openDeep(path);
        }
        return open(fd, path, in(path), O_NOFOLLOW);
    }

    /** Opens in several steps what is longer than the kernel takes at once. */
    private Directory openDeep(String path) {
        int cut = path.lastIndexOf('/', Scratch.PATH_MAX / 4);
        if (cut <= 0) {
            return open(fd, path, in(path), O_NOFOLLOW);
        }
        try (Directory step = open(fd, path.substring(0, cut), in(path.substring(0, cut)), O_NOFOLLOW)) {
            return step.openDirectory(path.substring(cut + 1));
        }
    }

    /**
     * Opens a directory below this one and refuses every symbolic link on the way and every path that leaves this
     * directory: for names that come from outside.
     */
    public Directory openBeneath(String path) {
        try (Scratch scratch = Scratch.take()) {
            scratch.out.set(JAVA_LONG, 0, O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
            scratch.out.set(JAVA_LONG, 8, 0);
            scratch.out.set(JAVA_LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
            long how = scratch.out.address();
            long opened = Syscalls.call(scratch, Syscalls.OPENAT2, fd, scratch.first(path), how, 24, 0, 0);
            return new Directory((int) checkIn(opened, "open directory", path), in(path));
        }
    }

    /** A second handle of this directory; the caller closes it. */
    public Directory again() {
        return open(fd, ".", path, 0);
    }

    Directory parent() {
        int slash = path.lastIndexOf('/');
        return open(fd, "..", slash > 0 ? path.substring(0, slash) : path, 0);
    }

    /**
     * Opens a regular file for reading. Never blocks on a FIFO. Where this process may, reading does not change the access
     * time: that would be a write to the disk for each file.
     */
    public OpenFile openFile(String path) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.first(path);
            int flags = O_CLOEXEC | O_NOFOLLOW | Syscalls.O_NONBLOCK;
            long opened = -Errno.EPERM;
            if (readsUnseen) {
                opened = Syscalls.call(scratch, Syscalls.OPENAT, fd, name, flags | Syscalls.O_NOATIME, 0, 0, 0);
            }
            if (opened == -Errno.EPERM) {
                readsUnseen = false;
                opened = Syscalls.call(scratch, Syscalls.OPENAT, fd, name, flags, 0, 0, 0);
            }
            return new OpenFile((int) checkIn(opened, "open", path), this.path, path);
        }
    }

    /**
     * Makes a new regular file and opens it for reading and writing; fails if the name exists. The bits beyond 0777 of
     * the mode are left to {@link OpenFile#chmod}, since writing and changing the owner clear them.
     */
    public OpenFile createFile(String path, int mode) {
        OpenFile file = openFile(path, Syscalls.O_RDWR | Syscalls.O_CREAT | Syscalls.O_EXCL, mode & 0777);
        if ((mode & Umask.bits()) != 0) {
            file.chmod(mode & 0777);
        }
        return file;
    }

    private OpenFile openFile(String path, int flags, int mode) {
        try (Scratch scratch = Scratch.take()) {
            long opened = Syscalls.call(
                    scratch, Syscalls.OPENAT, fd, scratch.first(path), O_CLOEXEC | O_NOFOLLOW | flags, mode, 0, 0);
            return new OpenFile((int) checkIn(opened, "open", path), this.path, path);
        }
    }

    /** What is at a path. */
    public FileStat stat(String path) {
        try (Scratch scratch = Scratch.take()) {
            checkIn(statx(scratch, path), "stat", path);
            return FileStat.of(scratch.words(FileStat.WORDS));
        }
    }

    /** What is at a path, if anything is. */
    public Optional<FileStat> find(String path) {
        try (Scratch scratch = Scratch.take()) {
            long result = statx(scratch, path);
            if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
                return Optional.empty();
            }
            checkIn(result, "stat", path);
            return Optional.of(FileStat.of(scratch.words(FileStat.WORDS)));
        }
    }

    /** What this directory itself is. */
    public FileStat stat() {
        return stat("");
    }

    private long statx(Scratch scratch, String path) {
        int flags = AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? Syscalls.AT_EMPTY_PATH : 0);
        return Syscalls.call(
                scratch,
                Syscalls.STATX,
                fd,
                scratch.first(path),
                flags,
                FileStat.BASIC_STATS,
                scratch.out.address(),
                0);
    }

    /** The names in this directory without {@code .} and {@code ..}, in no order. Reads from the start each time. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try (Directory reader = again();
                Scratch scratch = Scratch.take()) {
            while (true) {
                long length = check(
                        Syscalls.call(
                                scratch,
                                Syscalls.GETDENTS64,
                                reader.fd,
                                scratch.out.address(),
                                Scratch.OUT_SIZE,
                                0,
                                0,
                                0),
                        "list",
                        path);
                if (length == 0) {
                    return names;
                }
                addNames(scratch.result((int) length), names);
            }
        }
    }

    private static void addNames(byte[] entries, List<String> names) {
        int at = 0;
        while (at < entries.length) {
            int name = at + 19;
            int end = name;
            while (entries[end] != 0) {
                end++;
            }
            boolean self = entries[name] == '.' && (end == name + 1 || (end == name + 2 && entries[name + 1] == '.'));
            if (!self) {
                names.add(PathBytes.decode(entries, name, end - name));
            }
            at += (entries[at + 16] & 0xFF) | (entries[at + 17] & 0xFF) << 8;
        }
    }

    /** Where a symbolic link points. */
    public String readLink(String path) {
        try (Scratch scratch = Scratch.take()) {
            long address = scratch.out.address();
            long length = Syscalls.call(scratch, Syscalls.READLINKAT, fd, scratch.first(path), address, 8192, 0, 0);
            checkIn(length, "read link", path);
            return PathBytes.decode(scratch.result((int) length));
        }
    }

    /** Makes a directory. */
    public void makeDirectory(String path, int mode) {
        if (!makeDirectoryIfAbsent(path, mode)) {
            throw Errno.fault("make directory", in(path), Errno.EEXIST);
        }
    }

    /** Makes a directory unless something of that name exists; tells whether it was made. */
    public boolean makeDirectoryIfAbsent(String path, int mode) {
        long result = at(Syscalls.MKDIRAT, path, mode & 0777, 0, 0);
        if (result == -Errno.EEXIST) {
            return false;
        }
        checkIn(result, "make directory", path);
        // The kernel masks the mode and, in a set-group-ID directory, adds that bit: set it when either may matter.
        if ((mode & (Umask.bits() | 07000)) != 0) {
            chmod(path, mode);
        }
        return true;
    }

    /** Makes a symbolic link. */
    public void symlink(String target, String path) {
        try (Scratch scratch = Scratch.take()) {
            long to = scratch.first(target);
            check(
                    Syscalls.call(scratch, Syscalls.SYMLINKAT, to, fd, scratch.second(path), 0, 0, 0),
                    "symlink",
                    in(path));
        }
    }

    /** Makes another name, in a directory, for a file of this one. */
    public void link(String path, Directory targetDirectory, String targetPath) {
        try (Scratch scratch = Scratch.take()) {
            long from = scratch.first(path);
            long to = scratch.second(targetPath);
            check(
                    Syscalls.call(scratch, Syscalls.LINKAT, fd, from, targetDirectory.fd, to, 0, 0),
                    "link " + in(path) + " to",
                    targetDirectory.in(targetPath));
        }
    }

    /** Makes a device node, FIFO or socket. */
    public void makeNode(String path, int mode, int major, int minor) {
        long device = (minor & 0xFFL) | ((long) major << 8) | ((minor & ~0xFFL) << 12);
        long result = at(Syscalls.MKNODAT, path, mode, device, 0);
        boolean isDevice = device != 0 && (mode & FileStat.TYPE_MASK) != FileStat.FIFO;
        if (result == -Errno.EPERM && isDevice) {
            throw Errno.fault("make device", in(path), Errno.EPERM)
                    .hint(
                            "Only root makes devices: build as root, or leave it out, with a line in .dockerignore if it is in"
                                    + " the context.");
        }
        checkIn(result, "make node", path);
        if ((mode & (Umask.bits() | 07000)) != 0) {
            chmod(path, mode & 07777);
        }
    }

    /** Changes the owner; of a symbolic link itself. Clears set-ID bits, as the kernel does: chmod after it. */
    public void chown(String path, int uid, int gid) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.first(path);
            int flags = AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? Syscalls.AT_EMPTY_PATH : 0);
            long result =
                    Syscalls.call(scratch, Syscalls.FCHOWNAT, fd, name, uid & 0xFFFFFFFFL, gid & 0xFFFFFFFFL, flags, 0);
            checkOwner(result, in(path), uid, gid);
        }
    }

    /** Changes the permission bits. The path must not be a symbolic link, which has none: it would be followed. */
    public void chmod(String path, int mode) {
        long result = path.isEmpty()
                ? call(Syscalls.FCHMOD, fd, mode & 07777)
                : at(Syscalls.FCHMODAT, path, mode & 07777, 0, 0);
        checkIn(result, "change mode of", path);
    }

    /** Sets the modification time, and the access time to the same; of a symbolic link itself. */
    public void setTime(String path, long mtimeNs) {
        try (Scratch scratch = Scratch.take()) {
            Umask.putTimes(scratch.out, mtimeNs);
            long name = path.isEmpty() ? 0 : scratch.first(path);
            int flags = path.isEmpty() ? 0 : AT_SYMLINK_NOFOLLOW;
            long result = Syscalls.call(scratch, Syscalls.UTIMENSAT, fd, name, scratch.out.address(), flags, 0, 0);
            checkIn(result, "set time of", path);
        }
    }

    /** Removes a name that is not a directory. */
    public void unlink(String path) {
        checkIn(at(Syscalls.UNLINKAT, path, 0, 0, 0), "remove", path);
    }

    /** Removes an empty directory. */
    public void removeDirectory(String path) {
        checkIn(at(Syscalls.UNLINKAT, path, Syscalls.AT_REMOVEDIR, 0, 0), "remove directory", path);
    }

    long tryUnlink(String path, int flags) {
        return at(Syscalls.UNLINKAT, path, flags, 0, 0);
    }

    /** Removes whatever is at a name with all that is below it, however deep; nothing happens if nothing is there. */
    public void removeTree(String name) {
        TreeRemoval.remove(this, name);
    }

    /** Renames into a directory of the same file system; replaces what is there as rename(2) does. */
    public void rename(String path, Directory targetDirectory, String targetPath) {
        check(
                rename(path, targetDirectory, targetPath, 0),
                "rename " + in(path) + " to",
                targetDirectory.in(targetPath));
    }

    /** Renames like {@link #rename} unless the target exists; tells whether it did. */
    public boolean renameIfAbsent(String path, Directory targetDirectory, String targetPath) {
        long result = rename(path, targetDirectory, targetPath, RENAME_NOREPLACE);
        if (result == -Errno.EEXIST) {
            return false;
        }
        check(result, "rename " + in(path) + " to", targetDirectory.in(targetPath));
        return true;
    }

    /** Exchanges two names in one step. */
    public void exchange(String path, Directory targetDirectory, String targetPath) {
        long result = rename(path, targetDirectory, targetPath, RENAME_EXCHANGE);
        check(result, "exchange " + in(path) + " with", targetDirectory.in(targetPath));
    }

    private long rename(String path, Directory targetDirectory, String targetPath, int flags) {
        try (Scratch scratch = Scratch.take()) {
            long from = scratch.first(path);
            long to = scratch.second(targetPath);
            return Syscalls.call(scratch, Syscalls.RENAMEAT2, fd, from, targetDirectory.fd, to, flags, 0);
        }
    }

    /** The extended attributes of the names in this directory. */
    public Xattrs xattrs(String path) {
        return new Xattrs(-1, "/proc/self/fd/" + fd + (path.isEmpty() ? "/." : "/" + path), this.path, path);
    }

    /** The extended attributes of this directory itself. */
    public Xattrs xattrs() {
        return new Xattrs(fd, "", path, "");
    }

    /** Waits until the names in this directory are on the disk. */
    public void sync() {
        check(call(Syscalls.FSYNC, fd, 0), "sync", path);
    }

    /** Waits until everything written so far to the file system of this directory is on the disk. */
    public void syncFileSystem() {
        check(call(Syscalls.SYNCFS, fd, 0), "sync file system of", path);
    }

    /** The path it was opened by, for messages. */
    public String path() {
        return path;
    }

    private String in(String name) {
        return name.isEmpty() ? path : path + "/" + name;
    }

    private long at(int number, String path, long a, long b, long c) {
        try (Scratch scratch = Scratch.take()) {
            return Syscalls.call(scratch, number, fd, scratch.first(path), a, b, c, 0);
        }
    }

    private static long call(int number, long a, long b) {
        try (Scratch scratch = Scratch.take()) {
            return Syscalls.call(scratch, number, a, b, 0, 0, 0, 0);
        }
    }

    /** As {@link #check} for a name in this directory; it is put together only for a message. */
    private long checkIn(long result, String call, String name) {
        return result < 0 ? check(result, call, in(name)) : result;
    }

    static void checkOwner(long result, String object, int uid, int gid) {
        if (result < 0) {
            throw Errno.ownerFault(object, uid, gid, (int) -result);
        }
    }

    static long check(long result, String call, String object) {
        if (result < 0) {
            throw Errno.fault(call, object, (int) -result);
        }
        return result;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            int closing = fd;
            fd = -1;
            call(Syscalls.CLOSE, closing, 0);
        }
    }
}
