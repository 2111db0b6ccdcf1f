package dev.drydock.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Archives as no decent tool writes them, block by block. */
final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    RawTar file(String name, String text) {
        return entry(name, '0', 0644, 0, "", bytes(text));
    }

    RawTar directory(String name, int mode) {
        return entry(name, '5', mode, 0, "", new byte[0]);
    }

    RawTar link(String name, char type, String target) {
        return entry(name, type, 0777, 0, target, new byte[0]);
    }

    RawTar entry(String name, char type, int mode, long mtime, String link, byte[] content) {
        header(bytes(name), type, mode, mtime, link, content.length, new byte[0]);
        return content(content);
    }

    RawTar device(String name, char type, int major, int minor) {
        byte[] numbers = new byte[512];
        put(numbers, 329, "%07o".formatted(major));
        put(numbers, 337, "%07o".formatted(minor));
        header(bytes(name), type, 0600, 0, "", 0, numbers);
        return this;
    }

    /** PAX records before the next entry. */
    RawTar pax(String... keysAndValues) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            records.writeBytes(record(keysAndValues[i], bytes(keysAndValues[i + 1])));
        }
        return entry("pax", 'x', 0644, 0, "", records.toByteArray());
    }

    static byte[] record(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + String.valueOf(rest).length();
        length = rest + String.valueOf(length).length();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(bytes(length + " " + key + "="));
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    /** A header alone. {@code over} lies over it where it is not zero. */
    RawTar header(byte[] name, char type, int mode, long mtime, String link, long size, byte[] over) {
        byte[] block = new byte[512];
        System.arraycopy(name, 0, block, 0, Math.min(100, name.length));
        put(block, 100, "%07o".formatted(mode));
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        number(block, 124, size);
        number(block, 136, mtime);
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar\00000");
        for (int i = 0; i < over.length; i++) {
            block[i] = over[i] != 0 ? over[i] : block[i];
        }
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xFF;
        }
        put(block, 148, "%06o\000".formatted(sum));
        out.writeBytes(block);
        return this;
    }

    private static void number(byte[] block, int at, long value) {
        if (value >= 0 && value <= 077777777777L) {
            put(block, at, "%011o".formatted(value));
            return;
        }
        for (int i = 11; i > 0; i--) {
            block[at + i] = (byte) (value >> Math.min(63, 8 * (11 - i)));
        }
        block[at] = (byte) (value < 0 ? 0xFF : 0x80);
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    RawTar content(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    RawTar raw(byte[] anything) {
        out.writeBytes(anything);
        return this;
    }

    /** The archive with its end. */
    byte[] done() {
        return raw(new byte[1024]).open();
    }

    /** The archive as it is. */
    byte[] open() {
        return out.toByteArray();
    }
}
