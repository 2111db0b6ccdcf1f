package dev.drydock.scope;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A process's claim on a store: everything unfinished lies under {@link #tmp}, and everything that it says it uses is
 * safe from garbage collection, until the lease is closed or the process ends, however it ends. The claim is a lock that
 * the kernel drops with the process, on the file {@code leases/<id>.lock}; so there is nothing to repair after a crash,
 * only something to {@link #sweep}.
 */
public final class Lease implements AutoCloseable {
    /**
     * Lock files of this process. The kernel drops a process's lock when the process closes <em>any</em> descriptor of
     * the file, so a file in this set must never be opened again, not even to ask who holds it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** One question about others' leases at a time in this process, for the same reason. */
    private static final ReentrantLock ASKING = new ReentrantLock();

    private static final String SUFFIX = ".lock";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 12;

    private final String id;
    private final Path lockFile;
    private final Path tmp;
    private final FileChannel channel;

    private Lease(String id, Path lockFile, Path tmp, FileChannel channel) {
        this.id = id;
        this.lockFile = lockFile;
        this.tmp = tmp;
        this.channel = channel;
    }

    /** Takes a new lease on the store under {@code root}. The caller closes it. */
    public static Lease open(Path root) {
        try {
            Path leases = Files.createDirectories(root.toRealPath().resolve("leases"));
            while (true) {
                String id = randomId();
                Path lockFile = leases.resolve(id + SUFFIX);
                HELD.add(lockFile);
                FileChannel channel =
                        FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock();
                // Another process's sweep may have taken the young file for a dead lease's; then try another name.
                if (lock != null && Files.exists(lockFile)) {
                    Path tmp =
                            Files.createDirectories(leases.resolveSibling("tmp").resolve(id));
                    return new Lease(id, lockFile, tmp, channel);
                }
                channel.close();
                HELD.remove(lockFile);
            }
        } catch (IOException e) {
            throw Disk.fault("take lease on store " + root, e);
        }
    }

    private static String randomId() {
        byte[] random = new byte[ID_LENGTH];
        new SecureRandom().nextBytes(random);
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (byte b : random) {
            id.append(ALPHABET.charAt(b & 31));
        }
        return id.toString();
    }

    /** The lease's name: lower-case letters and digits. */
    public String id() {
        return id;
    }

    /** The directory for this process's unfinished work; it vanishes with the lease. */
    public Path tmp() {
        return tmp;
    }

    /** Ends the claim and deletes {@link #tmp}. Closing twice is harmless. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            Disk.deleteTree(tmp);
            Files.deleteIfExists(lockFile); // still locked: no sweep can be looking at it
            channel.close();
            HELD.remove(lockFile);
        } catch (IOException e) {
            throw Disk.fault("end lease " + id, e);
        }
    }

    /** Whether the lease with this ID belongs to a running process; false too when there is no such lease. */
    public static boolean alive(Path root, String id) {
        try {
            Path lockFile = root.toRealPath().resolve("leases").resolve(id + SUFFIX);
            if (HELD.contains(lockFile)) {
                return true;
            }
            ASKING.lock();
            try (FileChannel other = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
                return other.tryLock() == null;
            } catch (NoSuchFileException e) {
                return false;
            } finally {
                ASKING.unlock();
            }
        } catch (IOException e) {
            throw Disk.fault("look at lease " + id, e);
        }
    }

    /**
     * Ends the leases of dead processes: calls {@code ended} with each one's ID, then deletes what it left unfinished.
     * A sweep that is cut off is repeated by the next one, so {@code ended} may see an ID twice; no two processes
     * sweep one lease at the same time. {@code ended} must not ask about leases.
     */
    public static void sweep(Path root, Consumer<String> ended) {
        try {
            Path real = root.toRealPath();
            Path leases = real.resolve("leases");
            if (!Files.isDirectory(leases)) {
                return;
            }
            for (Path lockFile : Disk.entries(leases)) {
                ASKING.lock();
                try {
                    sweepOne(real, lockFile, ended);
                } finally {
                    ASKING.unlock();
                }
            }
        } catch (IOException e) {
            throw Disk.fault("sweep store " + root, e);
        }
    }

    private static void sweepOne(Path root, Path lockFile, Consumer<String> ended) throws IOException {
        String name = lockFile.getFileName().toString();
        if (!name.endsWith(SUFFIX) || HELD.contains(lockFile)) {
            return;
        }
        try (FileChannel other = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            if (other.tryLock() == null) {
                return;
            }
            String id = name.substring(0, name.length() - SUFFIX.length());
            ended.accept(id);
            Disk.deleteTree(root.resolve("tmp").resolve(id));
            Files.deleteIfExists(lockFile);
        } catch (NoSuchFileException e) {
            return; // another sweep was faster
        }
    }
}
