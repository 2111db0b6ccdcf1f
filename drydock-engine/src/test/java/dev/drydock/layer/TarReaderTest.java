package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** The reader on archives that another library writes, on hand-made headers and on damaged bytes. */
class TarReaderTest {
    private record Read(TarEntry entry, byte[] content) {}

    private static List<Read> readAll(InputStream in) throws IOException {
        TarReader reader = new TarReader(in);
        List<Read> all = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] buffer = new byte[100];
            for (int n = reader.read(buffer, 0, 100); n >= 0; n = reader.read(buffer, 0, 100)) {
                content.write(buffer, 0, n);
            }
            all.add(new Read(entry, content.toByteArray()));
        }
        return all;
    }

    private static byte[] archive(int longNames, Random random, int files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(longNames);
            out.setBigNumberMode(
                    longNames == TarArchiveOutputStream.LONGFILE_GNU
                            ? TarArchiveOutputStream.BIGNUMBER_STAR
                            : TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (int i = 0; i < files; i++) {
                String name = "d/" + "é".repeat(random.nextInt(3)) + "n".repeat(1 + random.nextInt(300)) + i;
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(random.nextInt(2000));
                entry.setUserId(random.nextLong(1L << 31));
                entry.setMode(0644);
                entry.setModTime(1_700_000_000_000L + i * 1000L);
                out.putArchiveEntry(entry);
                byte[] content = new byte[(int) entry.getSize()];
                java.util.Arrays.fill(content, (byte) i);
                out.write(content);
                out.closeArchiveEntry();
            }
            TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName("t".repeat(200));
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void readsWhatAnotherLibraryWrites() throws IOException {
        for (int mode : new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
            for (long seed = 0; seed < 20; seed++) {
                byte[] bytes = archive(mode, new Random(seed), 10);
                List<Read> read = readAll(new ByteArrayInputStream(bytes));
                Random same = new Random(seed);
                assertThat(read).hasSize(11);
                for (int i = 0; i < 10; i++) {
                    String name = "d/" + "é".repeat(same.nextInt(3)) + "n".repeat(1 + same.nextInt(300)) + i;
                    long size = same.nextInt(2000);
                    long uid = same.nextLong(1L << 31);
                    TarEntry entry = read.get(i).entry();
                    assertThat(entry.path()).as("seed %d", seed).isEqualTo(name);
                    assertThat(entry.kind()).isEqualTo(TarEntry.Kind.FILE);
                    assertThat(entry.uid()).isEqualTo((int) uid);
                    assertThat(entry.mtimeNs()).isEqualTo((1_700_000_000L + i) * 1_000_000_000L);
                    assertThat(read.get(i).content()).hasSize((int) size).containsOnly((byte) i);
                }
                assertThat(read.get(10).entry().kind()).isEqualTo(TarEntry.Kind.SYMLINK);
                assertThat(read.get(10).entry().link()).isEqualTo("t".repeat(200));
            }
        }
    }

    /** A header with a right checksum. */
    private static byte[] header(String name, char type, String size) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 108, "0000000\0");
        put(block, 116, "0000000\0");
        put(block, 124, size);
        put(block, 136, "00000000000\0");
        put(block, 148, "        ");
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static InputStream stream(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return new ByteArrayInputStream(all.toByteArray());
    }

    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return java.util.Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512);
    }

    @Test
    void keepsTheBytesOfExtendedAttributes() throws IOException {
        String value = "\u0001\u0000\u0000\u0002\u00ff\u00fe=\n";
        String record = " SCHILY.xattr.security.capability=" + value + "\n";
        int length = record.length() + 2;
        String pax = length + record;
        List<Read> read = readAll(stream(
                header("pax", 'x', String.format("%011o\0", pax.length())),
                padded(pax),
                header("file", '0', "00000000000\0"),
                new byte[1024]));
        assertThat(read)
                .singleElement()
                .satisfies(one -> assertThat(one.entry().xattrs().get("security.capability"))
                        .isEqualTo(value.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void readsSizesOverEightGigabytesInBothForms() throws IOException {
        byte[] block = header("big", '0', "00000000000\0");
        assertThat(TarReader.isHeader(block)).isTrue();
        byte[] binary = new byte[12];
        binary[0] = (byte) 0x80;
        binary[7] = 3; // 3 * 2^32
        System.arraycopy(binary, 0, block, 124, 12);
        put(block, 148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        TarReader reader = new TarReader(stream(block));
        assertThat(reader.next())
                .isNotNull()
                .satisfies(e -> assertThat(e.size()).isEqualTo(3L << 32));
        String pax = "22 size=99999999999999\n".replace("22", "23");
        TarReader second = new TarReader(stream(
                header("pax", 'x', String.format("%011o\0", pax.length())),
                padded(pax),
                header("f", '0', "00000000000\0")));
        assertThat(second.next())
                .isNotNull()
                .satisfies(e -> assertThat(e.size()).isEqualTo(99_999_999_999_999L));
    }

    @Test
    void aLinkHasNoContentWhateverItsHeaderSays() throws IOException {
        List<Read> read = readAll(stream(
                header("hard", '1', "00000001000\0"),
                header("next", '0', "00000000001\0"),
                padded("x"),
                new byte[1024]));
        assertThat(read).hasSize(2);
        assertThat(read.get(1).content()).containsExactly('x');
    }

    @Test
    void saysWhatIsWrongWithTheArchive() {
        assertThatThrownBy(() -> readAll(stream("garbage".repeat(100).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(UserFault.class)
                .hasMessage("read archive: it is not a tar archive");
        assertThatThrownBy(() -> readAll(stream(new byte[0]))).hasMessage("read archive: it is empty");
        assertThatThrownBy(() -> readAll(stream(header("f", '0', "00000001000\0"), new byte[10])))
                .hasMessage("read archive: unexpected end of file");
        assertThatThrownBy(() -> readAll(stream(header("s", 'S', "00000000000\0"), new byte[1024])))
                .hasMessageContaining("sparse");
    }

    @Test
    void decompressesByContent() throws Exception {
        byte[] plain = archive(TarArchiveOutputStream.LONGFILE_POSIX, new Random(1), 3);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        for (int half = 0; half < 2; half++) { // several members are one stream
            try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
                out.write(
                        plain,
                        half * (plain.length / 2),
                        half == 0 ? plain.length / 2 : plain.length - plain.length / 2);
            }
        }
        try (InputStream in = Decompression.of(new ByteArrayInputStream(gzip.toByteArray()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
        for (String program : List.of("xz", "bzip2", "zstd")) {
            dev.drydock.house.Requires.program(program);
            Process process = new ProcessBuilder(program, "-cq").start();
            Thread feeder = Thread.ofPlatform().start(() -> {
                try (var to = process.getOutputStream()) {
                    to.write(plain);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] packed = process.getInputStream().readAllBytes();
            feeder.join();
            try (InputStream in = Decompression.of(new ByteArrayInputStream(packed))) {
                assertThat(in.readAllBytes()).as(program).isEqualTo(plain);
            }
            byte[] cut = java.util.Arrays.copyOf(packed, packed.length / 2);
            assertThatThrownBy(() -> {
                        try (InputStream in = Decompression.of(new ByteArrayInputStream(cut))) {
                            in.readAllBytes();
                        }
                    })
                    .as(program)
                    .isInstanceOf(UserFault.class);
        }
        byte[] cut = java.util.Arrays.copyOf(gzip.toByteArray(), gzip.size() / 2);
        assertThatThrownBy(() -> {
                    try (InputStream in = Decompression.of(new ByteArrayInputStream(cut))) {
                        in.readAllBytes();
                    }
                })
                .isInstanceOf(UserFault.class);
    }
}
