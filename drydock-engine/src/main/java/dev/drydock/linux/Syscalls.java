package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The one native call of Drydock: {@code syscall(2)}. All system calls share one shape, because each further shape costs
 * some 3 ms of start-up, while the call through it is as quick as a call of its own.
 */
final class Syscalls {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = bind();
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    static final int READ = number(0, 63);
    static final int WRITE = number(1, 64);
    static final int CLOSE = number(3, 57);
    static final int LSEEK = number(8, 62);
    static final int IOCTL = number(16, 29);
    static final int PREAD64 = number(17, 67);
    static final int SOCKET = number(41, 198);
    static final int FSYNC = number(74, 82);
    static final int FTRUNCATE = number(77, 46);
    static final int FCHMOD = number(91, 52);
    static final int FCHOWN = number(93, 55);
    static final int LSETXATTR = number(189, 6);
    static final int FSETXATTR = number(190, 7);
    static final int LGETXATTR = number(192, 9);
    static final int FGETXATTR = number(193, 10);
    static final int LLISTXATTR = number(195, 12);
    static final int FLISTXATTR = number(196, 13);
    static final int LREMOVEXATTR = number(198, 15);
    static final int FREMOVEXATTR = number(199, 16);
    static final int GETDENTS64 = number(217, 61);
    static final int OPENAT = number(257, 56);
    static final int MKDIRAT = number(258, 34);
    static final int MKNODAT = number(259, 33);
    static final int FCHOWNAT = number(260, 54);
    static final int UNLINKAT = number(263, 35);
    static final int LINKAT = number(265, 37);
    static final int SYMLINKAT = number(266, 36);
    static final int READLINKAT = number(267, 78);
    static final int FCHMODAT = number(268, 53);
    static final int UTIMENSAT = number(280, 88);
    static final int SYNCFS = number(306, 267);
    static final int SETNS = number(308, 268);
    static final int RENAMEAT2 = number(316, 276);
    static final int COPY_FILE_RANGE = number(326, 285);
    static final int STATX = number(332, 291);
    static final int OPENAT2 = number(437, 437);

    private Syscalls() {}

    @SuppressWarnings("restricted")
    private static MethodHandle bind() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    private static int number(int x86, int arm) {
        return ARM ? arm : x86;
    }

    /** O_DIRECTORY and O_NOFOLLOW have other values on arm64. */
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;

    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_NOATIME = 0x40000;

    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_FDCWD = -100;

    /** Calls the kernel; the result, or minus the errno. Repeats a call that a signal interrupted. */
    static long call(Scratch scratch, long number, long a, long b, long c, long d, long e, long f) {
        while (true) {
            long result;
            try {
                result = (long) SYSCALL.invokeExact(scratch.errno, number, a, b, c, d, e, f);
            } catch (RuntimeException | Error unexpected) {
                throw unexpected;
            } catch (Throwable impossible) {
                throw new AssertionError("a downcall declares no exception", impossible);
            }
            // without a branch: one that was never taken makes the optimising compiler do it all again at the first
            // error
            long failed = result >> 63;
            long answer = (result & ~failed) | (-(long) (int) ERRNO.get(scratch.errno, 0L) & failed);
            if (answer != -Errno.EINTR) {
                return answer;
            }
        }
    }
}
