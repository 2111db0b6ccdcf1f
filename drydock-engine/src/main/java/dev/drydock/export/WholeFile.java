package dev.drydock.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file outside the store that appears under its name when it is whole, over what was there: until then it lies beside
 * it, and closing without commit removes it. What a process that was killed left is removed by the next one that writes in
 * that directory. A pipe or a device is written to as it is.
 */
public final class WholeFile implements AutoCloseable {
    /** Everybody may read it. */
    public static final int READABLE = 0644;

    private static final String PREFIX = ".drydock-";

    private final Path file;
    private final Path part;
    private final OutputStream out;
    private boolean done;

    private WholeFile(Path file, Path part, OutputStream out) {
        this.file = file;
        this.part = part;
        this.out = out;
    }

    /** Begins; the directories of {@code file} are made. The caller closes it. */
    public static WholeFile begin(Path file, int mode) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new java.nio.file.FileSystemException(file.toString(), null, "is a directory");
        }
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            return new WholeFile(absolute, absolute, Files.newOutputStream(absolute));
        }
        // where a link leads, so that the link stays
        Path target = absolute;
        Path beside = folder;
        if (Files.exists(absolute)) {
            target = absolute.toRealPath();
            beside = parent(target);
        } else {
            Files.createDirectories(folder);
        }
        sweep(beside);
        Path part = Files.createTempFile(
                beside,
                PREFIX + ProcessHandle.current().pid() + "-",
                ".part",
                PosixFilePermissions.asFileAttribute(permissions(mode)));
        return new WholeFile(target, part, Files.newOutputStream(part, StandardOpenOption.WRITE));
    }

    /** Writes a small file. */
    static void write(Path file, int mode, byte[] bytes) throws IOException {
        try (WholeFile whole = begin(file, mode)) {
            whole.stream().write(bytes);
            whole.commit();
        }
    }

    private static Path parent(Path real) {
        Path folder = real.getParent();
        return folder == null ? real : folder;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's reading to the others' executing
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    private static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*.part")) {
            for (Path each : all) {
                String rest = String.valueOf(each.getFileName()).substring(PREFIX.length());
                int dash = rest.indexOf('-');
                String pid = dash < 0 ? "" : rest.substring(0, dash);
                if (pid.matches("[0-9]{1,10}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** Where the bytes go, unbuffered. {@link #commit} and {@link #close} close it. */
    public OutputStream stream() {
        return out;
    }

    /** Makes the file appear. */
    public void commit() throws IOException {
        out.close();
        if (!part.equals(file)) {
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        done = true;
    }

    @Override
    public void close() throws IOException {
        if (done) {
            return;
        }
        done = true;
        try {
            out.close();
        } finally {
            if (!part.equals(file)) {
                Files.deleteIfExists(part);
            }
        }
    }
}
