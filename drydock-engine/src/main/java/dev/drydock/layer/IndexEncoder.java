package dev.drydock.layer;

import dev.drydock.fault.Bug;
import dev.drydock.linux.PathBytes;
import dev.drydock.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes the body of a {@link LayerIndex}, entry by entry as they become known. */
final class IndexEncoder {
    static final int OPAQUE = 1;
    static final int CONTENT = 2;
    private static final byte[] NOTHING = new byte[0];
    /** What a path takes of the heap, about. */
    private static final int PATH = 32;

    private final int count;
    private final int heap;
    private ByteBuffer body;
    private int added;
    private int end;

    /** For so many entries. */
    IndexEncoder(int count) {
        this.count = count;
        heap = Math.addExact(LayerIndex.START, Math.multiplyExact(count, LayerIndex.RECORD));
        end = heap;
        body = ByteBuffer.allocate(Math.addExact(heap, Math.multiplyExact(count, PATH)));
    }

    /** The body for entries that are in order. */
    static ByteBuffer encode(List<LayerEntry> entries) {
        IndexEncoder encoder = new IndexEncoder(entries.size());
        for (LayerEntry entry : entries) {
            encoder.add(entry);
        }
        return encoder.body();
    }

    /** The body, after the last entry. */
    ByteBuffer body() {
        if (added != count) {
            throw new Bug("encode layer index: " + added + " entries came, not " + count);
        }
        body.putInt(0, LayerIndex.VERSION).putInt(4, count).putInt(8, end - heap);
        return body.limit(end).position(0);
    }

    /** Adds the entry that comes next in order. */
    void add(LayerEntry entry) {
        int at = LayerIndex.START + added * LayerIndex.RECORD;
        added++;
        span(at, PathBytes.encode(entry.path()));
        span(at + 8, entry.link().isEmpty() ? NOTHING : PathBytes.encode(entry.link()));
        span(at + 16, entry.xattrs().isEmpty() ? NOTHING : xattrs(entry.xattrs()));
        Digest content = entry.content();
        int flags = (entry.opaque() ? OPAQUE : 0) | (content != null ? CONTENT : 0);
        body.position(at + 24);
        body.put((byte) entry.type().code()).put((byte) flags).putShort((short) entry.mode());
        body.putInt(entry.uid()).putInt(entry.gid()).putLong(entry.size()).putLong(entry.mtimeNs());
        body.putInt(entry.major()).putInt(entry.minor());
        if (content != null) {
            body.put(at + 64, content.bytes());
        }
    }

    private void span(int at, byte[] bytes) {
        if (bytes.length > body.capacity() - end) {
            int more = Math.max(bytes.length, body.capacity() / 2);
            body = ByteBuffer.allocate(Math.addExact(end, more)).put(0, body, 0, end);
        }
        body.putInt(at, end - heap).putInt(at + 4, bytes.length);
        body.put(end, bytes);
        end += bytes.length;
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
