package dev.drydock.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The headers and padding of an archive's own members: short names, no owners, the time 0. Sizes from 8 GiB on are in
 * base 256, which GNU tar, Go and Java read.
 */
final class TarFraming {
    private static final int BLOCK = 512;
    private static final long OCTAL_LIMIT = 1L << 33;
    private static final int NAME = 0;
    private static final int MODE = 100;
    private static final int SIZE = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;

    private final OutputStream out;

    TarFraming(OutputStream out) {
        this.out = out;
    }

    void directory(String name) throws IOException {
        header(name, "0000755", '5', 0);
    }

    void file(String name, byte[] content) throws IOException {
        begin(name, content.length);
        out.write(content);
        pad(content.length);
    }

    /** Begins a file of which exactly {@code size} bytes and {@link #pad} must follow. */
    void begin(String name, long size) throws IOException {
        header(name, "0000644", '0', size);
    }

    void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private void header(String name, String mode, char type, long size) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, NAME, name);
        put(header, MODE, mode);
        put(header, MODE + 8, "0000000"); // uid
        put(header, MODE + 16, "0000000"); // gid
        putSize(header, size);
        put(header, SIZE + SIZE_LENGTH, "00000000000"); // mtime
        header[TYPE] = (byte) type;
        put(header, 257, "ustar\00000");
        Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, CHECKSUM, octal(sum, 6) + "\0 ");
        out.write(header);
    }

    private static void putSize(byte[] header, long size) {
        if (size < OCTAL_LIMIT) {
            put(header, SIZE, octal(size, SIZE_LENGTH - 1));
            return;
        }
        header[SIZE] = (byte) 0x80;
        for (int i = 0; i < Long.BYTES; i++) {
            header[SIZE + SIZE_LENGTH - 1 - i] = (byte) (size >>> (8 * i));
        }
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
