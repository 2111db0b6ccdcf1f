package dev.drydock.layer;

import dev.drydock.linux.PathBytes;
import dev.drydock.snapshot.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tar formats that are about: v7, USTAR, PAX, GNU with long names and base-256 numbers. Bytes from outside:
 * whatever they are, reading ends with entries or with a {@link MalformedArchive}. Of sparse files the holes are read as zeros.
 */
public final class TarReader {
    /** No kernel takes a longer one. In bytes, which are never fewer than characters. */
    private static final int LONGEST_PATH = 4095;

    private static final int MAX_EXTENSION = 1 << 20;
    private static final String XATTR = "SCHILY.xattr.";

    private final ByteSource source;
    private final byte[] block = new byte[TarHeader.BLOCK];
    private Map<String, byte[]> global = Map.of();
    private long contentLeft;
    private int padding;
    private @Nullable SparseMap sparse;

    public TarReader(InputStream in) {
        source = new ByteSource(in);
    }

    /** Reads an archive that is not compressed; the content of files is only read when it is asked for. */
    public TarReader(SourceFile file) {
        source = new FileByteSource(file);
    }

    /** Tells whether these are the first bytes of a tar archive. */
    static boolean isTar(byte[] start, int length) {
        if (length < TarHeader.BLOCK || allZero(start, TarHeader.BLOCK)) {
            return false;
        }
        return checksumFits(start);
    }

    /** The next entry, or null at the end of the archive. What was not read of the last one is skipped. */
    public @Nullable TarEntry next() throws IOException {
        source.skip(contentLeft + padding);
        contentLeft = 0;
        padding = 0;
        sparse = null;
        Map<String, byte[]> extended = new LinkedHashMap<>(global);
        while (true) {
            if (!source.fill(block, TarHeader.BLOCK) || allZero(block, TarHeader.BLOCK)) {
                return null;
            }
            if (!checksumFits(block)) {
                throw new MalformedArchive("a header's checksum is wrong");
            }
            long size = number(124, 12);
            switch (block[156]) {
                case 'x', 'X' -> readPax(extension(size), extended);
                case 'g' -> {
                    Map<String, byte[]> all = new LinkedHashMap<>(global);
                    readPax(extension(size), all);
                    global = all;
                    extended.putAll(all);
                }
                case 'L' -> extended.put("path", upToZero(extension(size)));
                case 'K' -> extended.put("linkpath", upToZero(extension(size)));
                case 'V', 'N', 'M', 'D', 'A', 'I' ->
                    throw new MalformedArchive("it has an entry of the unknown type '" + (char) block[156] + "'");
                default -> {
                    return entry(size, extended);
                }
            }
        }
    }

    private static void checkLength(String path) throws MalformedArchive {
        if (path.length() > LONGEST_PATH) {
            throw new MalformedArchive("an entry's name or link is " + path.length()
                    + " characters long; paths have at most " + LONGEST_PATH);
        }
    }

    private TarEntry entry(long headerSize, Map<String, byte[]> extended) throws IOException {
        String name = extended.containsKey("path") ? text(extended, "path") : headerName();
        boolean old = block[156] == 'S';
        char type = old || block[156] == 0 || block[156] == '7' ? '0' : (char) (block[156] & 0xFF);
        if (type == '0' && name.endsWith("/")) {
            type = '5';
        }
        if (type < '0' || type > '6') {
            throw new MalformedArchive("it has an entry of the unknown type " + (int) type);
        }
        long size = decimal(extended, "size", headerSize);
        if (size < 0 || size > Long.MAX_VALUE - TarHeader.BLOCK) {
            throw new MalformedArchive("an entry has a negative size");
        }
        // Links, devices and directories have no bytes; some writers state a size all the same.
        contentLeft = type == '0' ? size : 0;
        padding = (int) (-contentLeft & (TarHeader.BLOCK - 1));
        byte[] header = block.clone(); // reading a sparse file's map goes on to other blocks
        if (type == '0') {
            long before = source.position();
            sparse = old
                    ? SparseMap.old(header, size, TarReader::number, source)
                    : SparseMap.pax(extended, size, source);
            String real = SparseMap.name(extended);
            name = sparse != null && real != null ? real : name;
            // Further header blocks do not count as the entry's bytes, a map in front of them does.
            contentLeft -= old ? 0 : source.position() - before;
        }
        String link = extended.containsKey("linkpath") ? text(extended, "linkpath") : field(157, 100);
        checkLength(name);
        checkLength(link);
        return new TarEntry(
                name,
                type,
                (int) number(100, 8) & 07777,
                id(decimal(extended, "uid", number(108, 8))),
                id(decimal(extended, "gid", number(116, 8))),
                sparse == null ? contentLeft : sparse.size(),
                mtime(extended),
                type == '3' || type == '4' ? (int) number(329, 8) : 0,
                type == '3' || type == '4' ? (int) number(337, 8) : 0,
                link,
                xattrs(extended));
    }

    private static int id(long value) throws MalformedArchive {
        if (value < 0 || value >= 0xFFFFFFFFL) {
            throw new MalformedArchive("an entry has the impossible owner " + value);
        }
        return (int) value;
    }

    /** Reads the bytes of the current entry; 0 when there are no more. */
    public int read(byte[] buffer) throws IOException {
        SparseMap map = sparse;
        if (map != null) {
            return read(map, buffer);
        }
        if (contentLeft == 0) {
            return 0;
        }
        int count = source.read(buffer, (int) Math.min(buffer.length, contentLeft));
        contentLeft -= count;
        return count;
    }

    private int read(SparseMap map, byte[] buffer) throws IOException {
        long run = map.run();
        int count = (int) Math.min(buffer.length, Math.abs(run));
        if (run > 0) {
            count = source.read(buffer, count);
            contentLeft -= count;
        } else {
            Arrays.fill(buffer, 0, count, (byte) 0);
        }
        map.advance(count);
        return count;
    }

    /** Reads the rest of the stream behind the archive's end. */
    public void drain() throws IOException {
        source.drain();
    }

    /** How much was read so far. */
    long position() {
        return source.position();
    }

    /** Where the bytes of the current entry begin, if they stand in the archive as the file has them; else less than 0. */
    public long contentStart() {
        return sparse == null ? source.position() : -1;
    }

    private byte[] extension(long size) throws IOException {
        if (size < 0 || size > MAX_EXTENSION) {
            throw new MalformedArchive("an extended header is " + size + " bytes long");
        }
        byte[] data = new byte[(int) size];
        if (!source.fill(data, data.length)) {
            throw new MalformedArchive("it ends in the middle of an entry");
        }
        source.skip(-size & (TarHeader.BLOCK - 1));
        return data;
    }

    private static void readPax(byte[] data, Map<String, byte[]> into) throws MalformedArchive {
        int at = 0;
        while (at < data.length && data[at] != 0) {
            int space = at;
            int length = 0;
            while (space < data.length && data[space] != ' ' && space - at < 8) {
                if (data[space] < '0' || data[space] > '9') {
                    throw new MalformedArchive("an extended header is damaged");
                }
                length = length * 10 + data[space++] - '0';
            }
            int end = at + length;
            if (length < space - at + 3 || end > data.length || data[end - 1] != '\n') {
                throw new MalformedArchive("an extended header is damaged");
            }
            int equals = space + 1;
            while (equals < end && data[equals] != '=') {
                equals++;
            }
            if (equals >= end - 1 && (equals == end || data[equals] != '=')) {
                throw new MalformedArchive("an extended header is damaged");
            }
            String key = PathBytes.decode(data, space + 1, equals - space - 1);
            byte[] value = Arrays.copyOfRange(data, equals + 1, end - 1);
            // An empty value takes back what came before, but for attributes, which may be empty.
            if (key.equals(SparseMap.OFFSET) || key.equals(SparseMap.LENGTH)) {
                into.merge(SparseMap.MAP, value, TarReader::joined); // the only keys that come more than once
            } else if (value.length == 0 && !key.startsWith(XATTR)) {
                into.remove(key);
            } else {
                into.put(key, value);
            }
            at = end;
        }
    }

    private static byte[] joined(byte[] list, byte[] value) {
        byte[] all = Arrays.copyOf(list, list.length + 1 + value.length);
        all[list.length] = ',';
        System.arraycopy(value, 0, all, list.length + 1, value.length);
        return all;
    }

    private static List<Xattr> xattrs(Map<String, byte[]> extended) {
        List<Xattr> xattrs = new ArrayList<>();
        extended.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.add(new Xattr(key.substring(XATTR.length()), value));
            }
        });
        return xattrs;
    }

    private long mtime(Map<String, byte[]> extended) throws MalformedArchive {
        String text = extended.containsKey("mtime") ? text(extended, "mtime") : null;
        if (text == null) {
            return nanos(number(136, 12), 0);
        }
        int dot = text.indexOf('.');
        try {
            long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
            if (dot < 0) {
                return nanos(seconds, 0);
            }
            long fraction = Long.parseLong((text.substring(dot + 1) + "000000000").substring(0, 9));
            return nanos(seconds, text.startsWith("-") ? -fraction : fraction);
        } catch (NumberFormatException e) {
            throw new MalformedArchive("an entry has the time " + text);
        }
    }

    private static long nanos(long seconds, long fraction) {
        long limit = Long.MAX_VALUE / 1_000_000_000L - 1;
        return Math.clamp(seconds, -limit, limit) * 1_000_000_000L + fraction;
    }

    private static long decimal(Map<String, byte[]> extended, String key, long otherwise) throws MalformedArchive {
        if (!extended.containsKey(key)) {
            return otherwise;
        }
        try {
            return Long.parseLong(text(extended, key));
        } catch (NumberFormatException e) {
            throw new MalformedArchive("an extended header's " + key + " is no number");
        }
    }

    private static String text(Map<String, byte[]> extended, String key) {
        return PathBytes.decode(extended.getOrDefault(key, new byte[0]));
    }

    private String headerName() {
        String name = field(0, 100);
        boolean ustar = block[257] == 'u' && block[258] == 's' && block[262] == 0;
        String prefix = ustar ? field(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String field(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return PathBytes.decode(block, at, end - at);
    }

    private static byte[] upToZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** A number in octal, or in base 256 when its first bit is set. */
    private long number(int at, int length) throws MalformedArchive {
        return number(block, at, length);
    }

    private static long number(byte[] block, int at, int length) throws MalformedArchive {
        if (block[at] < 0) {
            long value = (block[at] & 0x40) != 0 ? -1 : 0;
            for (int i = at; i < at + length; i++) {
                int b = i == at ? (block[i] & 0x3F) | ((block[i] & 0x40) != 0 ? 0xC0 : 0) : block[i] & 0xFF;
                if (value != value << 8 >> 8) {
                    throw new MalformedArchive("a number in a header is too large");
                }
                value = (value << 8) | b;
            }
            return value;
        }
        return octal(block, at, length);
    }

    private static long octal(byte[] bytes, int at, int length) throws MalformedArchive {
        long value = 0;
        int i = at;
        while (i < at + length && bytes[i] == ' ') {
            i++;
        }
        while (i < at + length && bytes[i] >= '0' && bytes[i] <= '7') {
            value = value * 8 + bytes[i++] - '0';
        }
        if (i < at + length && bytes[i] != 0 && bytes[i] != ' ') {
            throw new MalformedArchive("a number in a header is damaged");
        }
        return value;
    }

    private static boolean checksumFits(byte[] header) {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < TarHeader.BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : header[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        try {
            long stated = octal(header, 148, 8);
            return stated == unsigned || stated == signed;
        } catch (MalformedArchive e) {
            return false;
        }
    }

    private static boolean allZero(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
