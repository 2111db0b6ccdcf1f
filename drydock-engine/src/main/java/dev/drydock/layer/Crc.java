package dev.drydock.layer;

/** The arithmetic of CRC-32: polynomials over two elements, whose lowest power stands in an integer's highest bit. */
final class Crc {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8TH = 1 << 23;

    private Crc() {}

    /**
     * The checksum of two strings of bytes, one after the other, from theirs.
     *
     * @param length of the second one in bytes
     */
    static int join(int first, int second, long length) {
        return multiply(first, shift(length)) ^ second;
    }

    /** What moving by so many bytes multiplies by: a power, by squaring. */
    private static int shift(long bytes) {
        int result = ONE;
        int square = X_TO_THE_8TH;
        for (long left = bytes; left > 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int power = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= power;
            }
            power = (power & 1) == 0 ? power >>> 1 : power >>> 1 ^ POLYNOMIAL; // times x
        }
        return product;
    }
}
