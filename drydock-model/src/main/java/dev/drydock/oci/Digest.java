package dev.drydock.oci;

import dev.drydock.fault.UserFault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A content digest, valid by construction: two digests are equal exactly when the content is the same.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">OCI digests</a>
 */
public final class Digest implements Comparable<Digest> {
    private static final String SHA256 = "sha256";

    private final String algorithm;
    private final byte[] hash;
    /** Written out when it is first asked for: most digests of files never are. */
    private @Nullable String hex;

    private Digest(String algorithm, byte[] hash) {
        this.algorithm = algorithm;
        this.hash = hash;
    }

    /**
     * A digest of these lower-case hex digits.
     *
     * @throws UserFault if the algorithm is not known, or takes other digits
     */
    public Digest(String algorithm, String hex) {
        String flaw = flaw(algorithm, hex);
        if (flaw != null) {
            throw new UserFault(
                    "parse digest " + (length(algorithm) == 0 ? algorithm : algorithm + ":" + hex) + ": " + flaw);
        }
        this.algorithm = algorithm;
        this.hash = HexFormat.of().parseHex(hex);
        this.hex = hex;
    }

    /** What is wrong with it in the words of Go's digest library, null if nothing is. */
    static @Nullable String flaw(String algorithm, String hex) {
        int length = length(algorithm);
        if (length == 0) {
            return "unsupported digest algorithm";
        }
        if (hex.length() != length) {
            return "invalid checksum digest length";
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return "invalid checksum digest format";
            }
        }
        return null;
    }

    /** In hex digits; 0 for an algorithm that is not known. */
    private static int length(String algorithm) {
        return switch (algorithm) {
            case SHA256 -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> 0;
        };
    }

    /** The name of the hash function, as {@code sha256}. */
    public String algorithm() {
        return algorithm;
    }

    /** The hash in lower-case hex digits. */
    public String hex() {
        String known = hex;
        if (known == null) {
            known = HexFormat.of().formatHex(hash);
            hex = known;
        }
        return known;
    }

    /** Reads {@code algorithm:hex}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new UserFault("parse digest " + text + ": invalid checksum digest format");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The SHA-256 digest of {@code bytes}. */
    public static Digest of(byte[] bytes) {
        return sha256(newSha256().digest(bytes));
    }

    /** The digest that a finished SHA-256 {@link MessageDigest} gave. */
    public static Digest sha256(byte[] hash) {
        if (hash.length != 32) {
            throw new IllegalArgumentException("a SHA-256 of " + hash.length + " bytes");
        }
        return new Digest(SHA256, hash.clone());
    }

    /** A fresh SHA-256 to feed. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Whether this is the digest of {@code bytes}, by its own algorithm. */
    public boolean isOf(byte[] bytes) {
        return Arrays.equals(hash, hasher().digest(bytes));
    }

    /** A fresh hash of this digest's algorithm. */
    public MessageDigest hasher() {
        try {
            return MessageDigest.getInstance(
                    switch (algorithm) {
                        case "sha384" -> "SHA-384";
                        case "sha512" -> "SHA-512";
                        default -> "SHA-256";
                    });
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has the SHA-2 family", e);
        }
    }

    /** The raw bytes of the hash. */
    public byte[] bytes() {
        return hash.clone();
    }

    /** The first twelve hex digits, as Docker prints IDs. */
    public String shortHex() {
        return hex().substring(0, 12);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest && Arrays.equals(hash, digest.hash) && algorithm.equals(digest.algorithm);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : Arrays.compareUnsigned(hash, other.hash);
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex();
    }
}
