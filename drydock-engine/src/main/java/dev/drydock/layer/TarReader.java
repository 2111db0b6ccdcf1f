package dev.drydock.layer;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.PathBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar stream member by member: V7, ustar, GNU (long names, base-256 numbers) and PAX (names, sizes, times, owners,
 * extended attributes as bytes). Buffers one header and never a file. What the stream claims is checked only as far as
 * reading on safely needs it; where entries may go is the caller's to decide. Sparse files are refused with their name.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">pax, section "Extended Description"</a>
 */
final class TarReader {
    static final int BLOCK = 512;

    private static final int LONGEST_EXTENSION = 1 << 20;
    private static final long LARGEST_SIZE = 1L << 53;
    private static final long SECOND = 1_000_000_000L;
    private static final String XATTR = "SCHILY.xattr.";

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private final Map<String, String> global = new HashMap<>();
    private long remaining;
    private int padding;
    private boolean ended;
    private int members;

    /** Reads from {@code in}, which the caller closes. */
    TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next member, or null at the end. What is left of the one before is skipped.
     *
     * @throws UserFault if the stream is not a tar archive, is cut off, or has a member that cannot be represented
     */
    @Nullable
    TarEntry next() throws IOException {
        skipContent();
        Extensions extensions = new Extensions(global);
        while (!ended) {
            if (!readHeader()) {
                return null;
            }
            char type = (char) (header[156] & 0xff);
            long size = number(124, 12, "size");
            switch (type) {
                case 'x', 'X' -> extensions.add(pax(content(size)));
                case 'g' -> global.putAll(pax(content(size)).texts());
                case 'L' -> extensions.longName = PathBytes.decode(untilNul(content(size)));
                case 'K' -> extensions.longLink = PathBytes.decode(untilNul(content(size)));
                case 'V', 'M', 'N' -> content(size); // a volume's label, old GNU bookkeeping
                default -> {
                    return entry(type, size, extensions);
                }
            }
        }
        return null;
    }

    /** Content of the current file; -1 at its end. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw cutOff();
        }
        remaining -= count;
        return count;
    }

    /** How many members {@link #next} has given. */
    int members() {
        return members;
    }

    private TarEntry entry(char type, long headerSize, Extensions extensions) {
        members++;
        String path = extensions.path(header);
        if (extensions.isSparse() || type == 'S') {
            throw new UserFault("read archive: member " + path + " is a sparse file")
                    .hint("Make the archive without --sparse.");
        }
        TarEntry.Kind kind = kind(type, path);
        long size = extensions.number("size", headerSize);
        if (size < 0 || size > LARGEST_SIZE) {
            throw damaged("member " + path + " has a size of " + size);
        }
        remaining = hasContent(type) ? size : 0;
        padding = (int) (-remaining & (BLOCK - 1));
        String link = extensions.link(header);
        return new TarEntry(
                path,
                kind,
                (int) number(100, 8, "mode") & 07777,
                id(extensions.number("uid", number(108, 8, "uid")), path),
                id(extensions.number("gid", number(116, 8, "gid")), path),
                kind == TarEntry.Kind.FILE ? size : 0,
                extensions.time(number(136, 12, "mtime")),
                kind == TarEntry.Kind.SYMLINK || kind == TarEntry.Kind.HARD_LINK ? link : "",
                (int) number(329, 8, "major"),
                (int) number(337, 8, "minor"),
                extensions.xattrs);
    }

    /** Links, devices and directories have no content, whatever their size field says; old tools fill it in. */
    private static boolean hasContent(char type) {
        return type < '1' || type > '6';
    }

    private static TarEntry.Kind kind(char type, String path) {
        return switch (type) {
            case '\0', '0', '7' -> path.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMLINK;
            case '3' -> TarEntry.Kind.CHAR_DEVICE;
            case '4' -> TarEntry.Kind.BLOCK_DEVICE;
            case '5', 'D' -> TarEntry.Kind.DIRECTORY;
            case '6' -> TarEntry.Kind.FIFO;
            default -> TarEntry.Kind.FILE; // POSIX: unknown types are read as files
        };
    }

    private static int id(long value, String path) {
        if (value < 0 || value > 0xffff_fffeL) {
            throw damaged("member " + path + " belongs to " + value);
        }
        return (int) value;
    }

    private boolean readHeader() throws IOException {
        int count = in.readNBytes(header, 0, BLOCK);
        if (count == 0 && members > 0) {
            ended = true; // some tools leave out the two empty blocks
            return false;
        }
        if (count < BLOCK) {
            throw count == 0 ? damaged("it is empty") : cutOff();
        }
        if (isEmpty(header)) {
            ended = true;
            in.skip(Long.MAX_VALUE); // let a pipe's writer finish
            return false;
        }
        if (!isHeader(header)) {
            throw damaged(members == 0 ? "it is not a tar archive" : "a header's checksum is wrong");
        }
        return true;
    }

    private static boolean isEmpty(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a block of 512 bytes is a tar header by its checksum, computed with unsigned or with signed bytes. */
    static boolean isHeader(byte[] block) {
        long stored;
        try {
            stored = octal(block, 148, 8);
        } catch (NumberFormatException e) {
            return false;
        }
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        return stored == unsigned || stored == signed;
    }

    private long number(int offset, int length, String field) {
        if ((header[offset] & 0x80) != 0) {
            return binary(offset, length, field);
        }
        try {
            return octal(header, offset, length);
        } catch (NumberFormatException e) {
            throw damaged("the field " + field + " of a header is not a number");
        }
    }

    private long binary(int offset, int length, String field) {
        boolean negative = (header[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = header[offset + i] & 0xff;
            if (i == 0) {
                b = negative ? b | 0x80 : b & 0x7f;
            }
            boolean fits = value >= Long.MIN_VALUE >> 8 && value <= Long.MAX_VALUE >> 8;
            if (!fits) {
                throw damaged("the field " + field + " of a header is too large");
            }
            value = value << 8 | (b & 0xff);
        }
        return value;
    }

    private static long octal(byte[] block, int offset, int length) {
        long value = 0;
        boolean any = false;
        for (int i = offset; i < offset + length; i++) {
            byte b = block[i];
            if (b >= '0' && b <= '7') {
                value = value << 3 | (b - '0');
                any = true;
            } else if (b == 0 || b == ' ') {
                if (any) {
                    break;
                }
            } else {
                throw new NumberFormatException("not octal");
            }
        }
        return value;
    }

    /** The whole content of an extension member. */
    private byte[] content(long size) throws IOException {
        if (size < 0 || size > LONGEST_EXTENSION) {
            throw damaged("an extended header of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw cutOff();
        }
        skip(-size & (BLOCK - 1));
        return bytes;
    }

    private void skipContent() throws IOException {
        skip(remaining + padding);
        remaining = 0;
        padding = 0;
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw cutOff();
        }
    }

    /** The records of a PAX extended header. */
    private static Records pax(byte[] bytes) {
        Records records = new Records(new HashMap<>(), new TreeMap<>());
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            int length = 0;
            while (blank < bytes.length && bytes[blank] != ' ') {
                int digit = bytes[blank++] - '0';
                if (digit < 0 || digit > 9 || length > LONGEST_EXTENSION) {
                    throw damaged("an extended header's record has no length");
                }
                length = length * 10 + digit;
            }
            int end = at + length;
            int equals = blank + 1;
            while (equals < end && equals < bytes.length && bytes[equals] != '=') {
                equals++;
            }
            if (length == 0 || end > bytes.length || equals >= end || bytes[end - 1] != '\n') {
                throw damaged("an extended header's record is malformed");
            }
            String key = new String(bytes, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
            if (key.startsWith(XATTR)) {
                byte[] value = java.util.Arrays.copyOfRange(bytes, equals + 1, end - 1);
                records.xattrs.put(key.substring(XATTR.length()), value);
            } else {
                records.texts.put(key, PathBytes.decode(bytes, equals + 1, end - equals - 2));
            }
            at = end;
        }
        return records;
    }

    private record Records(Map<String, String> texts, Map<String, byte[]> xattrs) {}

    private static byte[] untilNul(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return java.util.Arrays.copyOf(bytes, end);
    }

    private static UserFault damaged(String cause) {
        return new UserFault("read archive: " + cause).hint("Check the file with tar -tvf, or make it again.");
    }

    private static UserFault cutOff() {
        return damaged("unexpected end of file");
    }

    /** What extended headers say of the next member. */
    private static final class Extensions {
        private final Map<String, String> texts;
        private final Map<String, byte[]> xattrs = new TreeMap<>();
        private @Nullable String longName;
        private @Nullable String longLink;

        Extensions(Map<String, String> global) {
            this.texts = new HashMap<>(global);
        }

        void add(Records records) {
            texts.putAll(records.texts());
            xattrs.putAll(records.xattrs());
        }

        boolean isSparse() {
            return texts.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
        }

        String path(byte[] header) {
            String pax = texts.get("path");
            if (pax != null) {
                return pax;
            }
            if (longName != null) {
                return longName;
            }
            String name = text(header, 0, 100);
            boolean ustar = header[257] == 'u' && header[262] == 0;
            String prefix = ustar ? text(header, 345, 155) : "";
            return prefix.isEmpty() ? name : prefix + "/" + name;
        }

        String link(byte[] header) {
            String pax = texts.get("linkpath");
            if (pax != null) {
                return pax;
            }
            return longLink != null ? longLink : text(header, 157, 100);
        }

        long number(String key, long otherwise) {
            String text = texts.get(key);
            if (text == null || text.isEmpty()) {
                return otherwise;
            }
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw damaged("an extended header has a " + key + " that is not a number");
            }
        }

        /** PAX times are decimal seconds with a fraction, possibly negative. */
        long time(long seconds) {
            String text = texts.get("mtime");
            try {
                if (text == null || text.isEmpty()) {
                    return Math.multiplyExact(seconds, SECOND);
                }
                return new java.math.BigDecimal(text.length() > 40 ? text.substring(0, 40) : text)
                        .movePointRight(9)
                        .setScale(0, java.math.RoundingMode.FLOOR)
                        .longValueExact();
            } catch (ArithmeticException | NumberFormatException e) {
                throw damaged("a member has a time that is out of range");
            }
        }

        private static String text(byte[] header, int offset, int length) {
            int end = offset;
            while (end < offset + length && header[end] != 0) {
                end++;
            }
            return PathBytes.decode(header, offset, end - offset);
        }
    }
}
