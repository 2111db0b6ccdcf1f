package dev.drydock.layer;

import dev.drydock.linux.PathBytes;
import dev.drydock.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes the body of a {@link LayerIndex}. */
final class IndexEncoder {
    static final int OPAQUE = 1;
    static final int CONTENT = 2;

    private final ByteArrayOutputStream heap = new ByteArrayOutputStream();
    private final ByteBuffer records;

    private IndexEncoder(int entries) {
        records = ByteBuffer.allocate(Math.multiplyExact(entries, LayerIndex.RECORD));
    }

    /** The body for entries that are in order. */
    static ByteBuffer encode(List<LayerEntry> entries) {
        IndexEncoder encoder = new IndexEncoder(entries.size());
        for (LayerEntry entry : entries) {
            encoder.add(entry);
        }
        ByteBuffer body =
                ByteBuffer.allocate(Math.addExact(LayerIndex.START + encoder.records.limit(), encoder.heap.size()));
        body.putInt(LayerIndex.VERSION)
                .putInt(entries.size())
                .putInt(encoder.heap.size())
                .putInt(0);
        body.put(encoder.records.flip()).put(encoder.heap.toByteArray());
        return body.flip();
    }

    private void add(LayerEntry entry) {
        span(PathBytes.encode(entry.path()));
        span(PathBytes.encode(entry.link()));
        span(xattrs(entry.xattrs()));
        Digest content = entry.content();
        int flags = (entry.opaque() ? OPAQUE : 0) | (content != null ? CONTENT : 0);
        records.put((byte) entry.type().code()).put((byte) flags).putShort((short) entry.mode());
        records.putInt(entry.uid()).putInt(entry.gid()).putLong(entry.size()).putLong(entry.mtimeNs());
        records.putInt(entry.major()).putInt(entry.minor()).putInt(0);
        records.put(content == null ? new byte[32] : content.bytes());
    }

    private void span(byte[] bytes) {
        records.putInt(heap.size()).putInt(bytes.length);
        heap.writeBytes(bytes);
    }

    private static byte[] xattrs(List<Xattr> xattrs) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Xattr xattr : xattrs) {
            part(all, PathBytes.encode(xattr.name()));
            part(all, xattr.value());
        }
        return all.toByteArray();
    }

    private static void part(ByteArrayOutputStream all, byte[] bytes) {
        all.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        all.writeBytes(bytes);
    }
}
