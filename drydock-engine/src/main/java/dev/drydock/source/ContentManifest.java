package dev.drydock.source;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.PathBytes;
import dev.drydock.snapshot.TreeNode;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a content digest was made of, short enough to keep: each path with its kind, mode, owner and eight bytes of its
 * content's digest. Two of them say why two digests differ. Written as
 *
 * <pre>
 * "DDCM1\n"  count  entries
 * entry:     length shared with the path before, length of the rest, the rest,
 *            kind (one byte), mode, uid, gid, eight bytes of the digest
 * </pre>
 *
 * where numbers without a size are varints, seven bits at a time, the lowest first.
 */
public final class ContentManifest {
    private static final byte[] MAGIC = "DDCM1\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Entry> entries;

    /** Takes the entries in any order. */
    public ContentManifest(List<Entry> entries) {
        this.entries = entries.stream()
                .sorted((a, b) -> PathBytes.compare(a.path, b.path))
                .toList();
    }

    /**
     * One path.
     *
     * @param path without a leading slash, as the tree calls it
     * @param content the first eight bytes of the digest of a file's bytes or of a link's target, else 0
     */
    public record Entry(String path, TreeNode.Kind kind, int mode, int uid, int gid, long content) {}

    /** The entries, in order. */
    public List<Entry> entries() {
        return entries;
    }

    /** A name's bytes, as the host has them. */
    public static byte[] bytes(String name) {
        return PathBytes.encode(name);
    }

    /** The eight bytes of a hash that an entry keeps. */
    public static long shortened(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }

    /** The manifest as bytes. */
    public byte[] write() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(entries.size() * 32 + 16);
        out.writeBytes(MAGIC);
        varint(out, entries.size());
        byte[] before = {};
        ByteBuffer eight = ByteBuffer.allocate(8);
        for (Entry entry : entries) {
            byte[] path = PathBytes.encode(entry.path);
            int shared = shared(before, path);
            varint(out, shared);
            varint(out, path.length - shared);
            out.write(path, shared, path.length - shared);
            out.write(entry.kind.code());
            varint(out, entry.mode);
            varint(out, entry.uid);
            varint(out, entry.gid);
            out.writeBytes(eight.putLong(0, entry.content).array());
            before = path;
        }
        return out.toByteArray();
    }

    private static int shared(byte[] a, byte[] b) {
        int n = Math.min(a.length, b.length);
        for (int i = 0; i < n; i++) {
            if (a[i] != b[i]) {
                return i;
            }
        }
        return n;
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /**
     * Reads what {@link #write} made.
     *
     * @throws CorruptData if it did not
     */
    public static ContentManifest read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            for (byte expected : MAGIC) {
                require(in.get() == expected, "it does not start as one");
            }
            int count = varint(in);
            // An entry takes at least 14 bytes, so a wrong count cannot ask for more memory than the file is worth.
            require(count >= 0 && count <= in.remaining() / 14, "it has no " + count + " entries");
            List<Entry> entries = new ArrayList<>(count);
            byte[] before = {};
            for (int i = 0; i < count; i++) {
                int shared = varint(in);
                int rest = varint(in);
                require(shared >= 0 && shared <= before.length && rest >= 0 && rest <= in.remaining(), "bad length");
                byte[] path = new byte[shared + rest];
                System.arraycopy(before, 0, path, 0, shared);
                in.get(path, shared, rest);
                before = path;
                TreeNode.Kind kind = TreeNode.Kind.ofCode(in.get());
                if (kind == null) {
                    throw new CorruptData("read content manifest: bad kind");
                }
                entries.add(new Entry(PathBytes.decode(path), kind, varint(in), varint(in), varint(in), in.getLong()));
            }
            require(!in.hasRemaining(), "bytes after its end");
            return new ContentManifest(entries);
        } catch (BufferUnderflowException e) {
            throw new CorruptData("read content manifest: it is cut off", e);
        }
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte part = in.get();
            value |= (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new CorruptData("read content manifest: bad number");
    }

    private static void require(boolean condition, String cause) {
        if (!condition) {
            throw new CorruptData("read content manifest: " + cause);
        }
    }
}
