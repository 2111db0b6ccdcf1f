package dev.drydock.layer;

import org.jspecify.annotations.Nullable;

/**
 * What an archive's entries mean and where they go.
 *
 * @param whiteouts what {@code .wh.} names mean
 * @param prefix the directory in the layer that the archive's root is put on, relative; empty for the layer's root
 * @param owner who owns everything; null keeps the owners that the archive names
 * @param defaultTimeNs the time of directories that the archive does not name
 */
public record UnpackRules(
        Whiteouts whiteouts, String prefix, @Nullable Owner owner, long defaultTimeNs) {
    /** What a name that begins with {@code .wh.} stands for. */
    public enum Whiteouts {
        /** A deletion, as in image layers. */
        DELETE,
        /** A file like any other, as in archives that ADD extracts. */
        PLAIN
    }

    /** A user and a group, by number. */
    public record Owner(int uid, int gid) {}

    /** For image layers and root file systems. */
    public static UnpackRules layer() {
        return new UnpackRules(Whiteouts.DELETE, "", null, 0);
    }

    /** For archives extracted into a directory. */
    public static UnpackRules archive(String prefix, @Nullable Owner owner, long defaultTimeNs) {
        return new UnpackRules(Whiteouts.PLAIN, prefix, owner, defaultTimeNs);
    }
}
