package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.OpenFile;
import dev.drydock.linux.TreeEntry;
import dev.drydock.linux.TreeWalk;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the files of a layer with its index. */
public final class LayerCheck {
    private static final int BUFFER = 1 << 18;

    private final Layer layer;
    private final MessageDigest hash;
    private final byte[] buffer = new byte[BUFFER];

    private LayerCheck(Layer layer) {
        this.layer = layer;
        try {
            this.hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * The first difference in words that follow the layer's name; empty if there is none. Blocks on the disk.
     *
     * @param contents whether files are read
     */
    public static Optional<String> difference(Layer layer, boolean contents) throws InterruptedException {
        try {
            return new LayerCheck(layer).run(contents);
        } catch (CorruptData damaged) {
            return Optional.of("its index is damaged: " + damaged.text());
        } catch (EnvironmentFault unreadable) {
            return Optional.of("it cannot be read: " + unreadable.text());
        }
    }

    private Optional<String> run(boolean contents) throws InterruptedException {
        List<LayerEntry> index = LayerIndex.of(layer);
        Map<String, FileStat> files = new HashMap<>();
        try (Directory root = Directory.open(layer.fs())) {
            for (TreeEntry entry : TreeWalk.list(root)) {
                files.put(entry.path(), entry.stat());
            }
            for (LayerEntry entry : index) {
                FileStat stat = files.remove(entry.path());
                if (stat == null && entry.type() == LayerEntry.Type.WHITEOUT) {
                    continue; // where no device may be made a deletion has another form
                }
                if (stat == null) {
                    return Optional.of("/" + entry.path() + " is missing");
                }
                String wrong = differs(root, entry, stat, contents);
                if (!wrong.isEmpty()) {
                    return Optional.of("/" + entry.path() + " " + wrong);
                }
            }
        }
        return files.keySet().stream()
                .filter(path -> !isWhiteout(path))
                .findFirst()
                .map(path -> "/" + path + " is not in its index");
    }

    private static boolean isWhiteout(String path) {
        return path.substring(path.lastIndexOf('/') + 1).startsWith(".wh.");
    }

    private String differs(Directory root, LayerEntry entry, FileStat stat, boolean contents) {
        LayerEntry found = LayerEntry.of(entry.path(), stat, "");
        if (found.type() != entry.type()) {
            return "is of another kind";
        }
        if (entry.type() == LayerEntry.Type.WHITEOUT) {
            return "";
        }
        boolean link = entry.type() == LayerEntry.Type.SYMLINK;
        if (found.uid() != entry.uid() || found.gid() != entry.gid() || (!link && found.mode() != entry.mode())) {
            return "has another owner or mode";
        }
        if (link && !root.readLink(entry.path()).equals(entry.link())) {
            return "leads elsewhere";
        }
        if (entry.type() != LayerEntry.Type.FILE) {
            return "";
        }
        Digest content = entry.content();
        if (content == null) {
            return "";
        }
        if (entry.link().isEmpty() && stat.size() != entry.size()) {
            return "has another size";
        }
        return contents && !digest(root, entry.path()).equals(content) ? "has other bytes" : "";
    }

    private Digest digest(Directory root, String path) {
        try (OpenFile file = root.openFile(path)) {
            for (int n = file.read(buffer, 0, BUFFER); n > 0; n = file.read(buffer, 0, BUFFER)) {
                hash.update(buffer, 0, n);
            }
            return Digest.sha256(hash.digest());
        }
    }
}
