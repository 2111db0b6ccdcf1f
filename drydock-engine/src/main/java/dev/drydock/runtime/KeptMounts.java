package dev.drydock.runtime;

import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cache mounts that a store has, for those who look after it; {@link CacheMounts} is for builds. */
public final class KeptMounts {
    private static final String LOCK = ".lock";
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final String ABOUT = "about";
    private static final int SHOWN_DIGITS = 12;

    private final Path directory;

    /** Takes the directory that they are kept in; it need not exist. */
    public KeptMounts(Path directory) {
        this.directory = directory;
    }

    /**
     * One cache.
     *
     * @param id short, without slash
     * @param data its directory
     * @param description what it is, for people
     * @param lastUsed when the last step that had it ended
     * @param inUse whether a step has it now
     */
    public record Mount(String id, Path data, String description, Instant created, Instant lastUsed, boolean inUse) {}

    /**
     * Keeps beside a cache what people call it; that is of no other use, so nobody waits for the disk.
     *
     * @param tmp for what is not whole yet, on the same file system
     */
    static void describe(Path home, Path tmp, String id, String dest) throws IOException {
        Path about = home.resolve(ABOUT);
        if (!Files.exists(about)) {
            Path fresh = Files.createTempFile(tmp, ABOUT, "");
            Files.writeString(fresh, "cached mount " + dest + " with id \"" + id + "\"");
            Files.move(fresh, about, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Says that a cache was of use until now. */
    static void used(Path data) throws IOException {
        Path lock = lockOf(data);
        if (Files.exists(lock)) {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now()));
        }
    }

    private static Path lockOf(Path data) {
        return data.resolveSibling(data.getFileName() + LOCK);
    }

    /** Every cache. */
    public List<Mount> all() {
        List<Mount> mounts = new ArrayList<>();
        try {
            for (Path home : entries(directory)) {
                for (Path data : entries(home)) {
                    if (String.valueOf(data.getFileName()).matches("[0-9]+")) {
                        Mount mount = mount(home, data);
                        if (mount != null) {
                            mounts.add(mount);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw Disk.fault("list cache mounts in " + directory, e);
        }
        mounts.sort((a, b) -> a.id().compareTo(b.id()));
        return mounts;
    }

    private static List<Path> entries(Path directory) throws IOException {
        try {
            return Files.isDirectory(directory) ? Disk.entries(directory) : List.of();
        } catch (NoSuchFileException e) {
            return List.of(); // removed just now
        }
    }

    private static @Nullable Mount mount(Path home, Path data) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(data, BasicFileAttributes.class);
            String name = String.valueOf(home.getFileName());
            String id = name.substring(0, Math.min(SHOWN_DIGITS, name.length())) + "-" + data.getFileName();
            Path lock = lockOf(data);
            Instant used = Files.exists(lock)
                    ? Files.getLastModifiedTime(lock).toInstant()
                    : attributes.lastModifiedTime().toInstant();
            return new Mount(id, data, about(home), attributes.creationTime().toInstant(), used, isInUse(lock));
        } catch (NoSuchFileException e) {
            return null; // removed just now
        }
    }

    private static String about(Path home) throws IOException {
        try {
            return Files.readString(home.resolve(ABOUT), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "cached mount";
        }
    }

    /** Looks without touching: who takes a lock to find out is in the way of a step that wants it. */
    private static boolean isInUse(Path lock) throws IOException {
        if (!Files.exists(lock) || !Files.exists(LOCKS)) {
            return false;
        }
        String inode = ":" + Files.getAttribute(lock, "unix:ino") + " ";
        return Files.readString(LOCKS).contains(inode);
    }

    /**
     * Removes a cache that no step has.
     *
     * @param tmp where it is moved to first, on the same file system; the caller deletes what is there
     * @return whether it is gone
     */
    public boolean remove(Mount mount, Path tmp) {
        Path home = mount.data().resolveSibling("");
        try {
            Optional<CacheLocks.Lock> free = CacheLocks.tryAcquire(lockOf(mount.data()), CacheLocks.Mode.EXCLUSIVE);
            if (free.isEmpty()) {
                return false;
            }
            try (CacheLocks.Lock _ = free.get()) {
                Files.move(mount.data(), tmp.resolve("mount-" + mount.id()), StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(lockOf(mount.data()));
            }
            removeHome(home);
            return true;
        } catch (NoSuchFileException e) {
            return false; // another process was faster
        } catch (IOException e) {
            throw Disk.fault("remove cache mount " + mount.data(), e);
        }
    }

    private static void removeHome(Path home) throws IOException {
        List<Path> left = entries(home);
        if (left.size() == 1 && left.getFirst().endsWith(ABOUT)) {
            Files.deleteIfExists(left.getFirst());
        }
        try {
            Files.deleteIfExists(home);
        } catch (DirectoryNotEmptyException e) {
            // a step wants it again
        }
    }
}
