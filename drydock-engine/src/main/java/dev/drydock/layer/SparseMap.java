package dev.drydock.layer;

import dev.drydock.linux.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a file stand in an archive; between them are holes. Reads the four ways of GNU tar to say so: the type
 * {@code S} of its old format, and versions 0.0, 0.1 and 1.0 in PAX headers.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html">sparse formats</a>
 */
final class SparseMap {
    /** Keys of PAX headers; the repeated ones of version 0.0 are gathered into {@link #MAP}, as version 0.1 has it. */
    static final String PREFIX = "GNU.sparse.";

    static final String MAP = "GNU.sparse.map";
    static final String OFFSET = "GNU.sparse.offset";
    static final String LENGTH = "GNU.sparse.numbytes";
    private static final int MOST_PARTS = 1 << 16;
    private static final long LONGEST = 1L << 40;

    private final long size;
    private final List<Part> parts;
    private int next;
    private long at;

    private record Part(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    /**
     * @param size of the file
     * @param stored how many bytes the archive has of it
     * @throws MalformedArchive if the parts overlap, lie outside, or are not what is stored
     */
    private SparseMap(long size, List<Part> parts, long stored) throws MalformedArchive {
        long end = 0;
        long sum = 0;
        for (Part part : parts) {
            if (part.offset < end || part.length < 0 || part.length > size - part.offset) {
                throw new MalformedArchive("the parts of a sparse file do not fit it");
            }
            end = part.end();
            sum += part.length;
        }
        if (size < 0 || sum != stored) {
            throw new MalformedArchive("the parts of a sparse file are not what is stored of it");
        }
        if (size > LONGEST) {
            throw new MalformedArchive("it has a sparse file of " + size + " bytes; the most is " + LONGEST);
        }
        this.size = size;
        this.parts = parts.stream().filter(part -> part.length > 0).toList();
    }

    long size() {
        return size;
    }

    /** How many bytes come now before something else does: more than zero of data, less than zero of a hole. */
    long run() {
        if (next < parts.size()) {
            Part part = parts.get(next);
            return at < part.offset ? at - part.offset : part.end() - at;
        }
        return at - size;
    }

    /** So many bytes of a run were read. */
    void advance(long count) {
        at += count;
        if (next < parts.size() && at == parts.get(next).end()) {
            next++;
        }
    }

    /** Where numbers stand in headers. */
    interface Numbers {
        long at(byte[] block, int offset, int length) throws MalformedArchive;
    }

    /** The map of an entry of type {@code S}, whose header may go on in further blocks of {@code source}. */
    static SparseMap old(byte[] header, long stored, Numbers numbers, ByteSource source) throws IOException {
        List<Part> parts = new ArrayList<>();
        long size = numbers.at(header, 483, 12);
        add(parts, header, 386, 4, numbers);
        boolean more = header[482] != 0;
        byte[] block = new byte[TarHeader.BLOCK];
        while (more) {
            if (!source.fill(block, block.length)) {
                throw new MalformedArchive("it ends in the middle of an entry");
            }
            add(parts, block, 0, 21, numbers);
            more = block[504] != 0;
        }
        return new SparseMap(size, parts, stored);
    }

    private static void add(List<Part> parts, byte[] block, int from, int count, Numbers numbers)
            throws MalformedArchive {
        for (int i = 0; i < count && block[from + i * 24] != 0; i++) {
            add(parts, numbers.at(block, from + i * 24, 12), numbers.at(block, from + i * 24 + 12, 12));
        }
    }

    private static void add(List<Part> parts, long offset, long length) throws MalformedArchive {
        if (parts.size() == MOST_PARTS) {
            throw new MalformedArchive("a sparse file has more than " + MOST_PARTS + " parts");
        }
        parts.add(new Part(offset, length));
    }

    /**
     * The map of an entry with PAX headers, null without one.
     *
     * @param stored how many bytes follow the header; of version 1.0 the map is read from them
     */
    static @Nullable SparseMap pax(Map<String, byte[]> headers, long stored, ByteSource source) throws IOException {
        String major = text(headers, "GNU.sparse.major");
        if (major != null && !(major.equals("0") || major.equals("1"))) {
            throw new MalformedArchive("it has a sparse file of the unknown version " + major);
        }
        if ("1".equals(major)) {
            List<Part> parts = new ArrayList<>();
            long before = source.position();
            long count = line(source, stored);
            for (long i = 0; i < count; i++) {
                add(parts, line(source, stored), line(source, stored));
            }
            long read = source.position() - before;
            source.skip(-read & (TarHeader.BLOCK - 1));
            long map = source.position() - before;
            if (map > stored) {
                throw new MalformedArchive("the map of a sparse file is longer than the file");
            }
            return new SparseMap(number(text(headers, "GNU.sparse.realsize")), parts, stored - map);
        }
        String map = text(headers, MAP);
        String size = text(headers, "GNU.sparse.size");
        if (map == null && size == null) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        String[] numbers = map == null || map.isEmpty() ? new String[0] : map.split(",", -1);
        if (numbers.length % 2 != 0) {
            throw new MalformedArchive("the map of a sparse file is damaged");
        }
        for (int i = 0; i < numbers.length; i += 2) {
            add(parts, number(numbers[i]), number(numbers[i + 1]));
        }
        return new SparseMap(number(size), parts, stored);
    }

    /** The name that a sparse file really has, null if it is the entry's. */
    static @Nullable String name(Map<String, byte[]> headers) {
        return text(headers, "GNU.sparse.name");
    }

    private static @Nullable String text(Map<String, byte[]> headers, String key) {
        byte[] value = headers.get(key);
        return value == null ? null : PathBytes.decode(value);
    }

    private static long line(ByteSource source, long stored) throws IOException {
        byte[] one = new byte[1];
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < 20 && i < stored; i++) {
            source.read(one, 1);
            if (one[0] == '\n') {
                return number(digits.toString());
            }
            digits.append((char) (one[0] & 0xFF));
        }
        throw new MalformedArchive("the map of a sparse file is damaged");
    }

    private static long number(@Nullable String text) throws MalformedArchive {
        if (text == null || !text.matches("\\d{1,18}")) {
            throw new MalformedArchive("the map of a sparse file is damaged");
        }
        return Long.parseLong(text);
    }
}
