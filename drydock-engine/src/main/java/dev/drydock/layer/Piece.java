package dev.drydock.layer;

/** The first bytes of an array, handed from one thread to another; nobody writes to them meanwhile. */
final class Piece {
    final byte[] bytes;
    final int length;

    Piece(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** Whether nothing follows; only streams that end so ask. */
    boolean isEnd() {
        return length == 0;
    }
}
