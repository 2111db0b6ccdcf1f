package dev.drydock.layer;

import dev.drydock.linux.PathBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header blocks of one entry: USTAR, with a PAX header before it only where USTAR cannot say it. Times are whole
 * seconds, owner names empty. Version 1 of a pure function: the same entry gives the same bytes for ever.
 */
final class TarHeader {
    static final int BLOCK = 512;
    private static final long MAX_SIZE = 077777777777L;
    private static final byte[] MAGIC = ascii("ustar\u000000");
    private static final int MAX_ID = 07777777;

    /** Rarely needed. */
    private @Nullable ByteArrayOutputStream pax;

    private TarHeader() {}

    /** The blocks for an entry; those of the marker files for whiteouts and opaque directories. */
    static byte[] encode(LayerEntry entry) {
        byte[] path = PathBytes.encode(entry.path());
        return switch (entry.type()) {
            case WHITEOUT -> marker(marked(entry.path()));
            case DIRECTORY -> {
                byte[] header = new TarHeader().blocks(entry, PathBytes.encode(entry.path() + "/"), '5');
                yield entry.opaque() ? joined(header, marker(entry.path() + "/.wh..wh..opq")) : header;
            }
            case FILE -> new TarHeader().blocks(entry, path, entry.link().isEmpty() ? '0' : '1');
            case SYMLINK -> new TarHeader().blocks(entry, path, '2');
            case CHAR_DEVICE -> new TarHeader().blocks(entry, path, '3');
            case BLOCK_DEVICE -> new TarHeader().blocks(entry, path, '4');
            case FIFO -> new TarHeader().blocks(entry, path, '6');
        };
    }

    private static String marked(String path) {
        int name = path.lastIndexOf('/') + 1;
        return path.substring(0, name) + ".wh." + path.substring(name);
    }

    private static byte[] marker(String path) {
        LayerEntry entry =
                new LayerEntry(path, LayerEntry.Type.FILE, 0, 0, 0, 0, 0, 0, 0, "", false, java.util.List.of(), null);
        return new TarHeader().blocks(entry, PathBytes.encode(path), '0');
    }

    private byte[] blocks(LayerEntry entry, byte[] path, char type) {
        byte[] block = new byte[BLOCK];
        putPath(block, path);
        putLink(block, PathBytes.encode(entry.link()));
        putNumber(block, 100, 8, entry.mode());
        putId(block, 108, "uid", entry.uid());
        putId(block, 116, "gid", entry.gid());
        long size = entry.hasBytes() ? entry.size() : 0;
        if (size > MAX_SIZE) {
            record("size", ascii(Long.toString(size)));
        }
        putNumber(block, 124, 12, size > MAX_SIZE ? 0 : size);
        long seconds = Math.floorDiv(entry.mtimeNs(), 1_000_000_000L);
        if (seconds < 0 || seconds > MAX_SIZE) {
            record("mtime", ascii(Long.toString(seconds)));
        }
        putNumber(block, 136, 12, seconds < 0 || seconds > MAX_SIZE ? 0 : seconds);
        putNumber(block, 329, 8, entry.major());
        putNumber(block, 337, 8, entry.minor());
        if (type != '1') {
            for (Xattr xattr : entry.xattrs()) {
                record("SCHILY.xattr." + xattr.name(), xattr.value());
            }
        }
        finish(block, type);
        return pax == null ? block : joined(paxBlocks(pax.toByteArray(), path), block);
    }

    private static void finish(byte[] block, char type) {
        block[156] = (byte) type;
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
        java.util.Arrays.fill(block, 148, 156, (byte) ' ');
        putNumber(block, 148, 7, checksum(block));
    }

    /** The sum of all bytes; most of a block is empty, and summing that took longer than all else here. */
    private static int checksum(byte[] block) {
        int sum = text(block, 0, 100) + text(block, 157, 257) + text(block, 345, 500);
        for (int i = 100; i < 157; i++) {
            sum += block[i] & 0xFF;
        }
        for (int i = 257; i < 265; i++) {
            sum += block[i] & 0xFF;
        }
        for (int i = 329; i < 345; i++) {
            sum += block[i] & 0xFF;
        }
        return sum;
    }

    /** The sum of a name, which a zero ends. */
    private static int text(byte[] block, int from, int to) {
        int sum = 0;
        for (int i = from; i < to && block[i] != 0; i++) {
            sum += block[i] & 0xFF;
        }
        return sum;
    }

    /** A PAX header: its own block, then the records, filled up. */
    private static byte[] paxBlocks(byte[] records, byte[] path) {
        byte[] blocks = new byte[BLOCK + roundUp(records.length)];
        byte[] header = new byte[BLOCK];
        int end = path.length > 0 && path[path.length - 1] == '/' ? path.length - 1 : path.length;
        byte[] name = ascii("PaxHeaders.0/");
        System.arraycopy(name, 0, header, 0, name.length);
        int kept = Math.min(end, 80);
        for (int i = 0; i < kept; i++) {
            byte b = path[end - kept + i];
            header[name.length + i] = b > ' ' && b != '/' ? b : (byte) '_';
        }
        putNumber(header, 100, 8, 0);
        putNumber(header, 108, 8, 0);
        putNumber(header, 116, 8, 0);
        putNumber(header, 124, 12, records.length);
        putNumber(header, 136, 12, 0);
        finish(header, 'x');
        System.arraycopy(header, 0, blocks, 0, BLOCK);
        System.arraycopy(records, 0, blocks, BLOCK, records.length);
        return blocks;
    }

    private void putPath(byte[] block, byte[] path) {
        if (isAscii(path)) {
            if (path.length <= 100) {
                System.arraycopy(path, 0, block, 0, path.length);
                return;
            }
            int split = split(path);
            if (split > 0) {
                System.arraycopy(path, 0, block, 345, split);
                System.arraycopy(path, split + 1, block, 0, path.length - split - 1);
                return;
            }
        }
        record("path", path);
        System.arraycopy(path, 0, block, 0, Math.min(path.length, 100));
    }

    /** Where to cut a long path so that both parts fit, or 0. */
    private static int split(byte[] path) {
        for (int i = Math.max(1, path.length - 101); i <= Math.min(155, path.length - 2); i++) {
            if (path[i] == '/') {
                return i;
            }
        }
        return 0;
    }

    private void putLink(byte[] block, byte[] link) {
        if (link.length > 100 || !isAscii(link)) {
            record("linkpath", link);
        }
        System.arraycopy(link, 0, block, 157, Math.min(link.length, 100));
    }

    private void putId(byte[] block, int at, String key, int id) {
        long value = id & 0xFFFFFFFFL;
        if (value > MAX_ID) {
            record(key, ascii(Long.toString(value)));
        }
        putNumber(block, at, 8, value > MAX_ID ? 0 : value);
    }

    private static void putNumber(byte[] block, int at, int width, long value) {
        long rest = value;
        for (int i = at + width - 2; i >= at; i--) {
            block[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        block[at + width - 1] = 0;
    }

    /** A PAX record, whose length counts its own digits. */
    private void record(String key, byte[] value) {
        int length = key.length() + value.length + 3;
        int total = length + Integer.toString(length).length();
        if (Integer.toString(total).length() != Integer.toString(length).length()) {
            total = length + Integer.toString(total).length();
        }
        ByteArrayOutputStream records = pax == null ? new ByteArrayOutputStream() : pax;
        pax = records;
        records.writeBytes(ascii(total + " " + key + "="));
        records.writeBytes(value);
        records.write('\n');
    }

    static int roundUp(int length) {
        return (length + BLOCK - 1) & -BLOCK;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
