package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** An open regular file. Whoever opens it closes it; closing twice is harmless. Blocks in the kernel. */
public final class OpenFile implements AutoCloseable {
    private static final long FICLONE = 0x40049409L;
    private static final int SEEK_CUR = 1;

    private final String directory;
    private final String name;
    private int fd;

    OpenFile(int fd, String directory, String name) {
        this.fd = fd;
        this.directory = directory;
        this.name = name;
    }

    /** What the file is. */
    public FileStat stat() {
        try (Scratch scratch = Scratch.take()) {
            long out = scratch.out.address();
            long empty = scratch.first("");
            long result = Syscalls.call(
                    scratch, Syscalls.STATX, fd, empty, Syscalls.AT_EMPTY_PATH, FileStat.BASIC_STATS, out, 0);
            check(result, "stat");
            return FileStat.of(scratch.words(FileStat.WORDS));
        }
    }

    /** Reads up to {@code length} bytes from where the last read ended; how many came, 0 at the end of the file. */
    public int read(byte[] buffer, int offset, int length) {
        try (Scratch scratch = Scratch.take()) {
            int done = 0;
            while (done < length) {
                int wanted = Math.min(length - done, Scratch.OUT_SIZE);
                long out = scratch.out.address();
                long count = check(Syscalls.call(scratch, Syscalls.READ, fd, out, wanted, 0, 0, 0), "read");
                MemorySegment.copy(scratch.out, JAVA_BYTE, 0, buffer, offset + done, (int) count);
                done += (int) count;
                if (count == 0 || count < wanted) {
                    return done;
                }
            }
            return done;
        }
    }

    /**
     * Reads up to {@code length} bytes from a place in the file; how many came, 0 at its end. Where {@link #read} goes on is
     * not changed, so several threads may call this.
     */
    public int readAt(long position, byte[] buffer, int offset, int length) {
        try (Scratch scratch = Scratch.take()) {
            int done = 0;
            while (done < length) {
                int wanted = Math.min(length - done, Scratch.OUT_SIZE);
                long out = scratch.out.address();
                long count =
                        check(Syscalls.call(scratch, Syscalls.PREAD64, fd, out, wanted, position + done, 0, 0), "read");
                MemorySegment.copy(scratch.out, JAVA_BYTE, 0, buffer, offset + done, (int) count);
                done += (int) count;
                if (count < wanted) {
                    return done;
                }
            }
            return done;
        }
    }

    /** Writes all of {@code length} bytes after what the last write wrote. */
    public void write(byte[] buffer, int offset, int length) {
        try (Scratch scratch = Scratch.take()) {
            int done = 0;
            while (done < length) {
                int piece = Math.min(length - done, Scratch.OUT_SIZE);
                MemorySegment.copy(buffer, offset + done, scratch.out, JAVA_BYTE, 0, piece);
                long out = scratch.out.address();
                done += (int) check(Syscalls.call(scratch, Syscalls.WRITE, fd, out, piece, 0, 0, 0), "write");
            }
        }
    }

    /** Leaves so many bytes out: they are a hole once something is written after them or the length is set. */
    public void skip(long length) {
        check(call(Syscalls.LSEEK, length, SEEK_CUR), "seek in");
    }

    /** Sets the length; a longer one makes a hole. */
    public void truncate(long length) {
        check(call(Syscalls.FTRUNCATE, length, 0), "truncate");
    }

    /**
     * Makes this new file share the blocks of another; tells whether the file system could. Where it could not, nothing
     * has changed.
     */
    private boolean cloneFrom(OpenFile source) {
        long result = call(Syscalls.IOCTL, FICLONE, source.fd);
        if (result == -Errno.EOPNOTSUPP || result == -Errno.EXDEV || result == -Errno.EINVAL || result == -25) {
            return false;
        }
        check(result, "clone into");
        return true;
    }

    /** Makes this new file what another is, which is {@code size} bytes long; as {@link #copyFrom} does if it must copy. */
    public long copyWhole(OpenFile source, long size, byte[] buffer) {
        return cloneFrom(source) ? size : copyFrom(source, 0, size, buffer);
    }

    /**
     * Copies from a place in {@code source} to where this file was written to: inside the kernel if these file systems can,
     * else through {@code buffer}. Where {@code source} is read next is not changed, so several threads may copy from one.
     *
     * @return how many bytes came; fewer than {@code length} when the source ended before
     */
    public long copyFrom(OpenFile source, long position, long length, byte[] buffer) {
        long done = 0;
        boolean inKernel = true;
        while (done < length) {
            long count = inKernel ? copyInKernel(source, position + done, length - done) : -1;
            if (count < 0) {
                inKernel = false;
                count = source.readAt(position + done, buffer, 0, (int) Math.min(buffer.length, length - done));
                write(buffer, 0, (int) count);
            }
            if (count == 0) {
                return done;
            }
            done += count;
        }
        return done;
    }

    /** What came; 0 at the end of the source, less than 0 if these file systems cannot. */
    private long copyInKernel(OpenFile source, long position, long length) {
        try (Scratch scratch = Scratch.take()) {
            scratch.out.set(JAVA_LONG, 0, position);
            long from = scratch.out.address();
            long result = Syscalls.call(scratch, Syscalls.COPY_FILE_RANGE, source.fd, from, fd, 0, length, 0);
            if (result == -Errno.EXDEV
                    || result == -Errno.EINVAL
                    || result == -Errno.EOPNOTSUPP
                    || result == -Errno.ENOSYS) {
                return -1;
            }
            return check(result, "copy into");
        }
    }

    /** Changes the owner. Clears set-ID bits: chmod after it. */
    public void chown(int uid, int gid) {
        Directory.checkOwner(call(Syscalls.FCHOWN, uid & 0xFFFFFFFFL, gid & 0xFFFFFFFFL), path(), uid, gid);
    }

    /** Changes the permission bits. */
    public void chmod(int mode) {
        check(call(Syscalls.FCHMOD, mode & 07777, 0), "change mode of");
    }

    /** Sets the modification time, and the access time to the same. */
    public void setTime(long mtimeNs) {
        try (Scratch scratch = Scratch.take()) {
            Umask.putTimes(scratch.out, mtimeNs);
            long out = scratch.out.address();
            check(Syscalls.call(scratch, Syscalls.UTIMENSAT, fd, 0, out, 0, 0, 0), "set time of");
        }
    }

    /** The file's extended attributes. */
    public Xattrs xattrs() {
        return new Xattrs(fd, "", directory, name);
    }

    /** Waits until the file is on the disk. */
    public void sync() {
        check(call(Syscalls.FSYNC, 0, 0), "sync");
    }

    private String path() {
        return directory + "/" + name;
    }

    private long check(long result, String call) {
        return result < 0 ? Directory.check(result, call, path()) : result;
    }

    private long call(int number, long a, long b) {
        try (Scratch scratch = Scratch.take()) {
            return Syscalls.call(scratch, number, fd, a, b, 0, 0, 0);
        }
    }

    @Override
    public void close() {
        if (fd >= 0) {
            int closing = fd;
            fd = -1;
            try (Scratch scratch = Scratch.take()) {
                Syscalls.call(scratch, Syscalls.CLOSE, closing, 0, 0, 0, 0, 0);
            }
        }
    }
}
