package dev.drydock.layer;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The members of a tar archive, plain or compressed, one after the other as they come. For one thread. */
public final class ArchiveMembers implements AutoCloseable {
    private final InputStream plain;
    private final TarReader tar;

    private ArchiveMembers(InputStream plain) {
        this.plain = plain;
        this.tar = new TarReader(plain);
    }

    /** Begins at the start of {@code archive}, which is not closed with this. */
    public static ArchiveMembers open(InputStream archive) throws IOException {
        return new ArchiveMembers(ArchiveStream.open(archive));
    }

    /**
     * One member.
     *
     * @param name as it stands in the archive: it may be anything
     * @param kind files have content, links a target
     * @param link what a link points to, as it stands in the archive
     */
    public record Member(String name, Kind kind, long size, String link) {}

    /** What a member is. */
    public enum Kind {
        FILE,
        SYMLINK,
        HARD_LINK,
        OTHER
    }

    /** The next member; null at the end. What was not read of the one before is skipped. */
    public @Nullable Member next() throws IOException {
        TarEntry entry = tar.next();
        if (entry == null) {
            return null;
        }
        Kind kind = switch (entry.type()) {
            case '0' -> Kind.FILE;
            case '1' -> Kind.HARD_LINK;
            case '2' -> Kind.SYMLINK;
            default -> Kind.OTHER;
        };
        return new Member(entry.name(), kind, entry.size(), entry.link());
    }

    /** The content of the member that {@link #next} gave last. */
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return tar.read(one) == 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (offset == 0 && length == bytes.length) {
                    int whole = tar.read(bytes);
                    return whole == 0 ? -1 : whole;
                }
                byte[] part = new byte[length];
                int count = tar.read(part);
                if (count == 0) {
                    return -1;
                }
                System.arraycopy(part, 0, bytes, offset, count);
                return count;
            }
        };
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
