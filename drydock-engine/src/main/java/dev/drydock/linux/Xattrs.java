package dev.drydock.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The extended attributes of one file, of a symbolic link itself. Borrowed from the directory or file that gave it: use
 * it while that is open. Values are bytes.
 */
public final class Xattrs {
    /**
     * The kernel allocates and clears as much as it is offered before it looks whether the file has the attribute: 64 KB for each
     * file took longer than opening it.
     */
    private static final int USUAL_SIZE = 256;

    private final int fd;
    private final String path;
    private final String within;
    private final String file;

    /**
     * By descriptor if {@code fd} is not negative, else by path; there is no form that takes a directory and a name.
     *
     * @param file in {@code within}, empty for that itself; both for messages only
     */
    Xattrs(int fd, String path, String within, String file) {
        this.fd = fd;
        this.path = path;
        this.within = within;
        this.file = file;
    }

    private void check(long result, String call) {
        if (result < 0) {
            Directory.check(result, call, file.isEmpty() ? within : within + "/" + file);
        }
    }

    /** The names; empty where the file system keeps none. */
    public List<String> names() {
        try (Scratch scratch = Scratch.take()) {
            long length = names(scratch, USUAL_SIZE);
            if (length == -Errno.ERANGE) {
                length = names(scratch, Scratch.OUT_SIZE);
            }
            if (length == 0 || length == -Errno.EOPNOTSUPP) {
                return List.of();
            }
            check(length, "list attributes of");
            return split(scratch.result((int) length));
        }
    }

    private long names(Scratch scratch, int room) {
        long out = scratch.out.address();
        return fd >= 0
                ? Syscalls.call(scratch, Syscalls.FLISTXATTR, fd, out, room, 0, 0, 0)
                : Syscalls.call(scratch, Syscalls.LLISTXATTR, scratch.first(path), out, room, 0, 0, 0);
    }

    private static List<String> split(byte[] zeroTerminated) {
        List<String> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < zeroTerminated.length; i++) {
            if (zeroTerminated[i] == 0) {
                names.add(PathBytes.decode(zeroTerminated, start, i - start));
                start = i + 1;
            }
        }
        return names;
    }

    /** A value, if the file has the attribute and this process may see it. */
    public Optional<byte[]> get(String name) {
        try (Scratch scratch = Scratch.take()) {
            long length = value(scratch, name, USUAL_SIZE);
            if (length == -Errno.ERANGE) {
                length = value(scratch, name, Scratch.OUT_SIZE);
            }
            if (length == -Errno.ENODATA || length == -Errno.EOPNOTSUPP || length == -Errno.EPERM) {
                return Optional.empty();
            }
            check(length, "read attribute " + name + " of");
            return Optional.of(scratch.result((int) length));
        }
    }

    private long value(Scratch scratch, String name, int room) {
        long out = scratch.out.address();
        long key = scratch.second(name);
        return fd >= 0
                ? Syscalls.call(scratch, Syscalls.FGETXATTR, fd, key, out, room, 0, 0)
                : Syscalls.call(scratch, Syscalls.LGETXATTR, scratch.first(path), key, out, room, 0, 0);
    }

    /** Sets a value. */
    public void set(String name, byte[] value) {
        check(put(name, value), "set attribute " + name + " of");
    }

    /** Sets a value where the file system keeps attributes of that kind, of that length and in that number. */
    public void setIfKept(String name, byte[] value) {
        if (value.length > Scratch.OUT_SIZE) {
            return;
        }
        long result = put(name, value);
        if (result != -Errno.EOPNOTSUPP && result != -Errno.ENOSPC && result != -Errno.EPERM) {
            check(result, "set attribute " + name + " of");
        }
    }

    private long put(String name, byte[] value) {
        try (Scratch scratch = Scratch.take()) {
            MemorySegment.copy(value, 0, scratch.out, ValueLayout.JAVA_BYTE, 0, value.length);
            long in = scratch.out.address();
            long key = scratch.second(name);
            return fd >= 0
                    ? Syscalls.call(scratch, Syscalls.FSETXATTR, fd, key, in, value.length, 0, 0)
                    : Syscalls.call(scratch, Syscalls.LSETXATTR, scratch.first(path), key, in, value.length, 0, 0);
        }
    }

    /** Removes an attribute; nothing happens if the file does not have it. */
    public void remove(String name) {
        try (Scratch scratch = Scratch.take()) {
            long key = scratch.second(name);
            long result = fd >= 0
                    ? Syscalls.call(scratch, Syscalls.FREMOVEXATTR, fd, key, 0, 0, 0, 0)
                    : Syscalls.call(scratch, Syscalls.LREMOVEXATTR, scratch.first(path), key, 0, 0, 0, 0);
            if (result != -Errno.ENODATA) {
                check(result, "remove attribute " + name + " of");
            }
        }
    }
}
