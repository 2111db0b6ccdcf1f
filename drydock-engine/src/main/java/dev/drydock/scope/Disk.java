package dev.drydock.scope;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What the store's packages share about files: making them durable, deleting trees, and wording the disk's refusals. */
public final class Disk {
    private static final String FULL = "No space left on device";
    /** How the hint to a step that found the store's disk full begins. */
    public static final String NO_SPACE = "No space is left on the store's file system";

    private static final long LEAST_ROOM = 64 * 1024;
    private static final String QUOTA = "Disk quota exceeded";

    private Disk() {}

    /**
     * Moves {@code from} to {@code to}, over what is there, and returns when the move would survive a power cut. What
     * is moved must have been synced already. An interrupt does not stop it half way; it stays pending.
     */
    public static void publish(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path directory = to.getParent();
        if (directory != null) {
            syncDirectory(directory);
        }
    }

    /** Makes the directory's entries survive a power cut. An interrupt stays pending. */
    public static void syncDirectory(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Deletes a file or a directory with everything in it; symbolic links are not followed. Missing is fine. */
    public static void deleteTree(Path path) throws IOException {
        List<Path> directories = new ArrayList<>();
        directories.add(path);
        // Without recursion: a context may be deeper than a stack. Children come after their parent in the list.
        for (int i = 0; i < directories.size(); i++) {
            Path directory = directories.get(i);
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                continue; // missing, or a plain file that the loop below removes
            }
            for (Path entry : entries(directory)) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    directories.add(entry);
                } else {
                    Files.deleteIfExists(entry);
                }
            }
        }
        for (int i = directories.size() - 1; i >= 0; i--) {
            Files.deleteIfExists(directories.get(i));
        }
    }

    /** The names of what is in a directory; none if it is none. */
    public static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try {
            return entries(directory).stream()
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .toList();
        } catch (IOException e) {
            throw fault("list " + directory, e);
        }
    }

    /** What is in the directory, in no order. */
    public static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /**
     * The fault for a failed file operation.
     *
     * @param task verb and object: {@code "write blob sha256:…"}
     */
    public static EnvironmentFault fault(String task, IOException cause) {
        String reason = reason(cause);
        EnvironmentFault fault = new EnvironmentFault(task + ": " + reason, cause);
        if (reason.equals("no space left on device") || reason.equals("disk quota exceeded")) {
            return fault.hint("Free space on that file system, or choose another place for the store with --root DIR.");
        }
        if (cause instanceof AccessDeniedException || reason.equals("read-only file system")) {
            return fault.hint("Choose a store that you may write with --root DIR, or run as the user who owns it.");
        }
        return fault;
    }

    /** Whether the file system of a file has no room for another page or two. */
    public static boolean isFull(Path file) {
        try {
            return Files.getFileStore(file.toAbsolutePath().resolveSibling("")).getUsableSpace() < LEAST_ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the fault says, in the words of this class, that a file system or a quota is full. */
    public static boolean isFull(DrydockException fault) {
        return fault.text().contains("no space left on device")
                || fault.text().contains("disk quota exceeded")
                || fault.hints().stream().anyMatch(hint -> hint.startsWith(NO_SPACE));
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        if (message.endsWith(FULL)) {
            return "no space left on device";
        }
        if (message.endsWith(QUOTA)) {
            return "disk quota exceeded";
        }
        String file =
                cause instanceof FileSystemException named && named.getFile() != null ? named.getFile() + ": " : "";
        return switch (cause) {
            case AccessDeniedException _ -> file + "permission denied";
            case NoSuchFileException _ -> file + "no such file or directory";
            case NotDirectoryException _ -> file + "not a directory";
            case FileAlreadyExistsException _ -> file + "file exists";
            case DirectoryNotEmptyException _ -> file + "directory not empty";
            case FileSystemException named
            when "Read-only file system".equals(named.getReason()) -> "read-only file system";
            default -> message;
        };
    }
}
