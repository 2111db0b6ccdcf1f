package dev.drydock.engine;

/**
 * How the layers of an image that goes out are compressed.
 *
 * @param level as the formats' own tools count, 0 to 9 for gzip and 1 to 22 for zstd; {@link #USUAL} for the kind's own
 * @param force whether layers that came compressed in another way are compressed again
 */
public record Compression(Kind kind, int level, boolean force) {
    /** The level that the kind has when nobody says. */
    public static final int USUAL = -1;

    private static final int GZIP_MOST = 9;
    private static final int ZSTD_MOST = 22;

    /** What layers become. */
    public enum Kind {
        UNCOMPRESSED,
        GZIP,
        ZSTD
    }

    /** Gzip at its usual level; layers that came compressed go as they came. */
    public static final Compression GZIP = new Compression(Kind.GZIP, USUAL, false);

    public Compression {
        int most = kind == Kind.ZSTD ? ZSTD_MOST : GZIP_MOST;
        if (level != USUAL && (level < 0 || level > most)) {
            throw new IllegalArgumentException("compression level " + level + " of " + kind);
        }
    }
}
