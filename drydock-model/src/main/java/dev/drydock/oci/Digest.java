package dev.drydock.oci;

import dev.drydock.fault.UserFault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A content digest, valid by construction: two digests are equal exactly when the content is the same.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">OCI digests</a>
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> throw new UserFault("parse digest " + algorithm + ": unsupported digest algorithm");
        };
        if (hex.length() != length) {
            throw new UserFault("parse digest " + algorithm + ":" + hex + ": invalid checksum digest length");
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                throw new UserFault("parse digest " + algorithm + ":" + hex + ": invalid checksum digest format");
            }
        }
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
        return new Digest("sha256", HexFormat.of().formatHex(hash));
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
        return hex.equals(HexFormat.of().formatHex(hasher().digest(bytes)));
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
        return HexFormat.of().parseHex(hex);
    }

    /** The first twelve hex digits, as Docker prints IDs. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    // Written out because the JDK would only generate these at their first use, in every process anew.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest && hex.equals(digest.hex) && algorithm.equals(digest.algorithm);
    }

    @Override
    public int hashCode() {
        return 31 * algorithm.hashCode() + hex.hashCode();
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
