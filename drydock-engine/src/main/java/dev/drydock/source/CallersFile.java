package dev.drydock.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files of the caller's, whole. Named pipes, devices and sockets are refused before they are opened, as nobody may
 * ever write to them; what the caller opened itself and hands over by number, {@code <(command)} of a shell, is read.
 */
public final class CallersFile {
    /** Of a text that somebody wrote: bytes. BuildKit takes no longer ones either. */
    public static final int LONGEST_TEXT = 16 * 1024 * 1024;

    /** The reason when a file is longer than it may be. */
    public static final String TOO_LARGE = "File too large";

    private CallersFile() {}

    /**
     * The file's bytes.
     *
     * @param longest how many there may be
     * @throws FileSystemException with a reason in the kernel's words if it cannot be read, is no file, or is longer
     */
    public static byte[] read(Path file, int longest) throws IOException {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new FileSystemException(file.toString(), null, TOO_LARGE);
            }
            return bytes;
        }
    }

    /** Opens a file to read it; throws as {@link #read}. The caller closes it. */
    static InputStream open(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        if (attributes.isOther() && !isHandedOver(file)) {
            throw new FileSystemException(file.toString(), null, "Not a regular file");
        }
        return Files.newInputStream(file);
    }

    /**
     * Whether the links of a name lead out of the directory that it is in, or nowhere: BuildKit, which gets that directory
     * only, does not follow them.
     */
    public static boolean leadsOut(Path file) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        if (directory == null || !Files.isSymbolicLink(file) || isHandedOver(file)) {
            return false;
        }
        try {
            return !file.toRealPath().startsWith(directory.toRealPath());
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether it names a descriptor of this process. */
    private static boolean isHandedOver(Path file) {
        String path = file.normalize().toString();
        return path.matches("/dev/(fd/[0-9]+|stdin|stdout|stderr)|/proc/self/fd/[0-9]+");
    }
}
