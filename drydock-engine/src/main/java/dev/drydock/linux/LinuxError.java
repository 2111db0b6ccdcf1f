package dev.drydock.linux;

import dev.drydock.fault.DrydockException;

/** The cause of a fault that a system call raised: carries the number of the error. */
public final class LinuxError extends Exception {
    private final int number;

    LinuxError(String call, int number) {
        super(call + ": errno " + number, null, false, false);
        this.number = number;
    }

    /** Tells whether a fault was raised by a system call that failed with this error, such as {@link Errno#ENOENT}. */
    public static boolean is(DrydockException fault, int errno) {
        return fault.getCause() instanceof LinuxError error && error.number == errno;
    }
}
