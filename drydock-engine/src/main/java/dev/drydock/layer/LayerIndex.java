package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.PathBytes;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.IndexFile;
import dev.drydock.snapshot.Layer;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything in a layer, ordered by {@link PathBytes#compare}: a directory before what is in it. Read whole but decoded
 * only where it is looked at. Immutable; safe for several threads.
 *
 * <p>Form, version 1, big-endian: version, number of entries, length of the heap, 0 (an int each); one record of
 * {@value #RECORD} bytes per entry; the heap of paths, link targets and attributes, to which records refer by offset and
 * length.
 */
public final class LayerIndex extends AbstractList<LayerEntry> {
    static final int VERSION = 1;
    static final int START = 16;
    static final int RECORD = 96;

    private final ByteBuffer body;
    private final int count;
    private final int heap;
    /** Where the last path was that was asked for, or would be. */
    private int found = -1;

    private LayerIndex(ByteBuffer body) {
        this.body = body;
        this.count = body.getInt(4);
        this.heap = START + count * RECORD;
    }

    /** The index of a committed layer. */
    public static LayerIndex of(Layer layer) {
        return parse(IndexFile.body(layer));
    }

    /**
     * Reads an index's body.
     *
     * @throws CorruptData if it is none: then no part of it is used
     */
    static LayerIndex parse(ByteBuffer body) {
        if (body.limit() < START || body.getInt(0) != VERSION) {
            throw corrupt("unknown version");
        }
        long entries = body.getInt(4);
        long heapLength = body.getInt(8);
        if (entries < 0 || heapLength < 0 || START + entries * RECORD + heapLength != body.limit()) {
            throw corrupt("wrong length");
        }
        LayerIndex index = new LayerIndex(body);
        index.check();
        return index;
    }

    private void check() {
        byte[] previous = new byte[0];
        for (int i = 0; i < count; i++) {
            int record = START + i * RECORD;
            checkSpan(record, heap);
            checkSpan(record + 8, heap);
            checkSpan(record + 16, heap);
            byte[] path = bytes(record);
            if (path.length == 0 || path[0] == '/' || path[path.length - 1] == '/') {
                throw corrupt("bad path");
            }
            if (i > 0 && PathBytes.compare(previous, path) >= 0) {
                throw corrupt("not in order");
            }
            type(record);
            previous = path;
        }
    }

    private LayerEntry.Type type(int record) {
        LayerEntry.Type type = LayerEntry.Type.ofCode(body.get(record + 24));
        if (type == null) {
            throw corrupt("unknown type");
        }
        return type;
    }

    private void checkSpan(int at, int from) {
        long offset = body.getInt(at);
        long length = body.getInt(at + 4);
        if (offset < 0 || length < 0 || from + offset + length > body.limit()) {
            throw corrupt("bad offset");
        }
    }

    @Override
    public int size() {
        return count;
    }

    /** The entry at a place in the order. */
    @Override
    public LayerEntry get(int i) {
        java.util.Objects.checkIndex(i, count);
        int at = START + i * RECORD;
        LayerEntry.Type type = type(at);
        byte flags = body.get(at + 25);
        byte[] digest = new byte[32];
        body.get(at + 64, digest);
        return new LayerEntry(
                PathBytes.decode(bytes(at)),
                type,
                body.getShort(at + 26) & 07777,
                body.getInt(at + 28),
                body.getInt(at + 32),
                body.getLong(at + 36),
                body.getLong(at + 44),
                body.getInt(at + 52),
                body.getInt(at + 56),
                PathBytes.decode(bytes(at + 8)),
                (flags & IndexEncoder.OPAQUE) != 0,
                xattrs(at + 16),
                (flags & IndexEncoder.CONTENT) != 0 ? Digest.sha256(digest) : null);
    }

    /** What the layer has at exactly this path; a whiteout counts. */
    public Optional<LayerEntry> find(String path) {
        int at = search(PathBytes.encode(path));
        return at < 0 ? Optional.empty() : Optional.of(get(at));
    }

    /** Everything below a directory, in order; not the directory itself. The empty path is the layer's root. */
    public List<LayerEntry> below(String directory) {
        if (directory.isEmpty()) {
            return this;
        }
        byte[] path = PathBytes.encode(directory);
        int found = search(path);
        int start = found < 0 ? -found - 1 : found + 1;
        int end = start;
        while (end < count && isBelow(path, end)) {
            end++;
        }
        return subList(start, end);
    }

    /** What is directly in a directory, in order. */
    List<LayerEntry> children(String directory) {
        int prefix = directory.isEmpty() ? 0 : PathBytes.encode(directory).length + 1;
        int found = directory.isEmpty() ? -1 : search(PathBytes.encode(directory));
        int start = found < 0 ? -found - 1 : found + 1;
        int size = below(directory).size();
        List<LayerEntry> children = new ArrayList<>();
        for (int i = start; i < start + size; i++) {
            byte[] path = bytes(START + i * RECORD);
            int at = prefix;
            while (at < path.length && path[at] != '/') {
                at++;
            }
            if (at == path.length) {
                children.add(get(i));
            }
        }
        return children;
    }

    private boolean isBelow(byte[] directory, int i) {
        byte[] path = bytes(START + i * RECORD);
        return path.length > directory.length
                && path[directory.length] == '/'
                && java.util.Arrays.equals(path, 0, directory.length, directory, 0, directory.length);
    }

    private int search(byte[] path) {
        // Most questions come in the order of the entries. Several threads may ask: a wrong guess costs little.
        int guess = found + 1;
        if (guess < count && java.util.Arrays.equals(bytes(START + guess * RECORD), path)) {
            found = guess;
            return guess;
        }
        int at = binarySearch(path);
        found = at < 0 ? -at - 2 : at;
        return at;
    }

    private int binarySearch(byte[] path) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = PathBytes.compare(bytes(START + middle * RECORD), path);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private byte[] bytes(int span) {
        byte[] bytes = new byte[body.getInt(span + 4)];
        body.get(heap + body.getInt(span), bytes);
        return bytes;
    }

    private List<Xattr> xattrs(int span) {
        if (body.getInt(span + 4) == 0) {
            return List.of();
        }
        ByteBuffer all = ByteBuffer.wrap(bytes(span));
        List<Xattr> xattrs = new ArrayList<>();
        while (all.hasRemaining()) {
            String name = PathBytes.decode(part(all));
            xattrs.add(new Xattr(name, part(all)));
        }
        return xattrs;
    }

    private static byte[] part(ByteBuffer all) {
        if (all.remaining() < 4) {
            throw corrupt("bad attribute");
        }
        int length = all.getInt();
        if (length < 0 || length > all.remaining()) {
            throw corrupt("bad attribute");
        }
        byte[] bytes = new byte[length];
        all.get(bytes);
        return bytes;
    }

    private static CorruptData corrupt(String why) {
        return new CorruptData("read layer index: " + why);
    }
}
