package dev.drydock.registry;

import dev.drydock.fault.UserFault;

/**
 * How much of a blob that is only being made one request sends. A registry waits for its disk at the end of each: when that is
 * a disk of this machine nothing else would be going on then, so it gets parts (decision 41). Far from here each part would cost a
 * journey, and not all registries take more than one.
 */
final class UploadParts {
    private static final long NEAR = 16 << 20;
    private static final long UNIT = 1024;

    /** Zero where it depends on the registry. */
    private final long size;

    private UploadParts(long size) {
        this.size = size;
    }

    /** @param kilobytes of a part for every registry, as a user writes it; empty for the usual */
    static UploadParts of(String kilobytes) {
        if (kilobytes.isEmpty()) {
            return new UploadParts(0);
        }
        if (!kilobytes.matches("\\d{1,9}")) {
            throw new UserFault("read DRYDOCK_UPLOAD_PART: \"" + kilobytes + "\" is no number of kilobytes");
        }
        long bytes = Long.parseLong(kilobytes) * UNIT;
        return new UploadParts(bytes == 0 ? Long.MAX_VALUE : Math.max(Feed.PIECE, bytes - bytes % Feed.PIECE));
    }

    /**
     * What one request may send of an upload.
     *
     * @param begun the answer with which the registry began it
     */
    long of(String host, Answer begun) {
        if (size > 0) {
            return size;
        }
        // The header is that of registries that keep an upload open, Docker's and its relatives.
        boolean near = Loopback.is(host) && begun.header("Docker-Upload-UUID") != null;
        return near ? NEAR : Long.MAX_VALUE;
    }
}
