package dev.drydock.linux;

import dev.drydock.fault.EnvironmentFault;

/** Linux's error numbers, where they matter here, and what they are called. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EBADF = 9;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EMLINK = 31;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int EOVERFLOW = 75;
    public static final int EOPNOTSUPP = 95;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;

    private Errno() {}

    /** What an error is called, in lower case, as {@code strerror} says it. */
    public static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file or directory";
            case EIO -> "input/output error";
            case EBADF -> "bad file descriptor";
            case EACCES -> "permission denied";
            case EBUSY -> "device or resource busy";
            case EEXIST -> "file exists";
            case EXDEV -> "invalid cross-device link";
            case ENOTDIR -> "not a directory";
            case EISDIR -> "is a directory";
            case EINVAL -> "invalid argument";
            case ENFILE -> "too many open files in system";
            case EMFILE -> "too many open files";
            case EFBIG -> "file too large";
            case ENOSPC -> "no space left on device";
            case EROFS -> "read-only file system";
            case EMLINK -> "too many links";
            case ERANGE -> "result too large";
            case ENAMETOOLONG -> "file name too long";
            case ENOSYS -> "function not implemented";
            case ENOTEMPTY -> "directory not empty";
            case ELOOP -> "too many levels of symbolic links";
            case ENODATA -> "no data available";
            case EOVERFLOW -> "value too large for defined data type";
            case EOPNOTSUPP -> "operation not supported";
            case ESTALE -> "stale file handle";
            case EDQUOT -> "disk quota exceeded";
            default -> "error " + errno;
        };
    }

    /** The fault for a call that failed, with what to do about it where that is known. */
    static EnvironmentFault fault(String call, String object, int errno) {
        EnvironmentFault fault =
                new EnvironmentFault(call + " " + object + ": " + text(errno), new LinuxError(call, errno));
        return switch (errno) {
            case ENOSPC, EDQUOT ->
                fault.hint(
                        "Free some space there, remove images that are no longer needed with drydock rmi, or keep the"
                                + " store on another disk with --root DIR.");
            case EROFS -> fault.hint("Choose a writable place for the store with --root DIR.");
            case EMFILE, ENFILE -> fault.hint("Raise the limit of open files, for example with ulimit -n 65536.");
            default -> fault;
        };
    }

    /** The fault for an owner that could not be set. */
    static EnvironmentFault ownerFault(String object, int uid, int gid, int errno) {
        String to = Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
        LinuxError cause = new LinuxError("change owner of", errno);
        if (errno == EINVAL && !(IdMap.users().has(uid) && IdMap.groups().has(gid))) {
            return new EnvironmentFault(
                            "change owner of " + object + " to " + to + ": this user may use "
                                    + IdMap.users().size() + " user ID and "
                                    + IdMap.groups().size() + " group ID in images, and these are not among them",
                            cause)
                    .hint(SubordinateIds.advice());
        }
        EnvironmentFault fault =
                new EnvironmentFault("change owner of " + object + " to " + to + ": " + text(errno), cause);
        return errno == EPERM ? fault.hint("Run as root, or as a user who may make user namespaces.") : fault;
    }
}
