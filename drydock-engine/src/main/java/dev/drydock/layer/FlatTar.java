package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes all that a snapshot shows as one tar stream: a directory before what is in it, names in the order of their bytes. */
public final class FlatTar {
    private static final int BUFFER = 128 * 1024;

    private final OutputStream out;
    private final @Nullable Long timeNs;
    private final FlatTree tree;
    private final Map<String, String> names = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER];

    private FlatTar(Snapshot snapshot, OutputStream out, @Nullable Long timeNs) {
        this.tree = new FlatTree(snapshot);
        this.out = out;
        this.timeNs = timeNs;
    }

    /**
     * Writes the stream and leaves {@code out} open.
     *
     * @param timeNs the time that everything gets, in nanoseconds since the epoch; null keeps each entry's own
     * @throws IOException from {@code out} only
     */
    public static void write(Snapshot snapshot, OutputStream out, @Nullable Long timeNs)
            throws IOException, InterruptedException {
        FlatTar tar = new FlatTar(snapshot, out, timeNs);
        tar.write(tar.tree.root());
        out.write(new byte[2 * TarHeader.BLOCK]);
    }

    private void write(FlatTree.Place place) throws IOException, InterruptedException {
        for (FlatTree.Node node : tree.list(place)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LayerEntry entry = timeNs == null ? node.entry() : node.entry().withTime(timeNs);
            if (entry.type() == LayerEntry.Type.FILE) {
                file(node, entry);
            } else {
                out.write(TarHeader.encode(entry.withOpaque(false)));
            }
            if (node.isDirectory()) {
                write(tree.enter(place, node));
            }
        }
    }

    private void file(FlatTree.Node node, LayerEntry entry) throws IOException {
        String first = names.putIfAbsent(node.file(), entry.path());
        LayerEntry shown = entry.linkedTo(first == null ? "" : first);
        out.write(TarHeader.encode(shown));
        if (first == null) {
            bytes(node, entry.size());
        }
    }

    private void bytes(FlatTree.Node node, long size) throws IOException {
        String path = node.entry().path();
        long left = size;
        try (Directory fs = Directory.open(node.layer().fs());
                OpenFile file = fs.openFile(path)) {
            while (left > 0) {
                int count = file.read(buffer, 0, (int) Math.min(BUFFER, left));
                if (count == 0) {
                    throw new CorruptData("read " + path + " of layer "
                                    + node.layer().id() + ": it is shorter than the layer's index says")
                            .hint("Remove the images that use it and build them again.");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
        out.write(new byte[(int) ((TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK)]);
    }
}
