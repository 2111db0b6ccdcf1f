package dev.drydock.space;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.TreeWalk;
import dev.drydock.linux.TreeWalk.Choice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How much of the disk trees take, as du(1) counts: blocks, directories included, a file with several names once. */
final class DiskUse {
    private static final int BLOCK = 512;

    /** Files with names outside the trees that were measured so far, by device and inode. */
    private final Map<FileId, Shared> shared = new ConcurrentHashMap<>();

    private record FileId(long device, long inode) {}

    /** A file of several names; {@code seen} of its {@code links} were met, the first one in the tree {@code owner}. */
    private record Shared(String owner, long bytes, int links, int seen) {}

    /**
     * What a tree takes.
     *
     * @param own bytes in files that have no name outside the tree, and directories
     * @param alone whether there are no other files in it
     */
    record Tree(long own, boolean alone) {}

    /**
     * Measures a tree; nothing is measured where nothing is. Files that also have names elsewhere are left for
     * {@link #shared}.
     *
     * @param owner what {@link #shared} calls the tree
     */
    Tree measure(String owner, Path directory) throws InterruptedException {
        return measure(owner, directory, Set.of());
    }

    /** Like {@link #measure(String, Path)}, without what the paths in it, relative, lead to. */
    Tree measure(String owner, Path directory, Set<String> without) throws InterruptedException {
        if (!Files.isDirectory(directory)) {
            return new Tree(0, true);
        }
        LongAdder bytes = new LongAdder();
        Map<FileId, Shared> several = new ConcurrentHashMap<>();
        try (Directory root = Directory.open(directory)) {
            bytes.add(root.stat().blocks());
            TreeWalk.list(root, (path, stat) -> {
                if (without.contains(path)) {
                    return Choice.SKIP;
                }
                if (stat.isDirectory()) {
                    bytes.add(stat.blocks());
                    return Choice.DESCEND;
                }
                if (stat.links() > 1) {
                    several.merge(
                            new FileId(stat.device(), stat.inode()),
                            new Shared(owner, stat.blocks() * BLOCK, stat.links(), 1),
                            DiskUse::sum);
                } else {
                    bytes.add(stat.blocks());
                }
                return Choice.SKIP;
            });
        }
        long own = bytes.sum() * BLOCK;
        Set<FileId> outside = new HashSet<>();
        for (Map.Entry<FileId, Shared> file : several.entrySet()) {
            if (file.getValue().seen() >= file.getValue().links()) {
                own += file.getValue().bytes();
            } else {
                outside.add(file.getKey());
                shared.merge(file.getKey(), file.getValue(), DiskUse::sum);
            }
        }
        return new Tree(own, outside.isEmpty());
    }

    private static Shared sum(Shared a, Shared b) {
        return new Shared(a.owner(), a.bytes(), Math.max(a.links(), b.links()), a.seen() + b.seen());
    }

    /** The bytes of files all of whose names are in trees that were measured, by the tree that was measured first. */
    Map<String, Long> shared() {
        Map<String, Long> bytes = new HashMap<>();
        for (Shared file : shared.values()) {
            if (file.seen() >= file.links()) {
                bytes.merge(file.owner(), file.bytes(), Long::sum);
            }
        }
        return bytes;
    }

    /** What each file in a directory takes, by its name; empty where nothing is. */
    static Map<String, Long> files(Path directory) {
        Map<String, Long> bytes = new HashMap<>();
        if (Files.isDirectory(directory)) {
            try (Directory open = Directory.open(directory)) {
                for (String name : open.names()) {
                    Optional<FileStat> stat = open.find(name);
                    stat.filter(file -> !file.isDirectory()).ifPresent(file -> bytes.put(name, file.blocks() * BLOCK));
                }
            }
        }
        return bytes;
    }
}
