package dev.drydock.layer;

/**
 * Tells by a sample whether bytes are packed already: pictures, fonts, archives in a layer. To try to make those smaller takes
 * longer than anything else and gains next to nothing.
 */
final class Density {
    private static final int SPOT = 64;
    private static final int SPOTS = 64;
    private static final int SAMPLE = SPOT * SPOTS;
    /**
     * The sum of the squares of how often each value occurs: 69,600 for 4096 random bytes, several times that for programs and
     * texts. Decision 40 has what the limit gains and costs. In whole numbers, so that every machine decides the same.
     */
    private static final int MOST_EVEN = 90_000;

    private Density() {}

    /** Whether deflating would hardly make a block smaller. Blocks that are shorter than the sample are never dense. */
    static boolean isDense(byte[] block, int length) {
        if (length < SAMPLE) {
            return false;
        }
        int[] counts = new int[256];
        int step = length / SPOTS;
        for (int spot = 0; spot < SPOTS; spot++) {
            int from = spot * step;
            for (int i = from; i < from + SPOT; i++) {
                counts[block[i] & 0xFF]++;
            }
        }
        long squares = 0;
        for (int count : counts) {
            squares += (long) count * count;
        }
        return squares < MOST_EVEN;
    }
}
