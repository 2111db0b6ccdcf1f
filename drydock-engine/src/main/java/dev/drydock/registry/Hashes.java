package dev.drydock.registry;

import dev.drydock.oci.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of the rarer algorithms. */
final class Hashes {
    private Hashes() {}

    static Digest digest(String algorithm, byte[] bytes) {
        try {
            MessageDigest hash = MessageDigest.getInstance(algorithm.equals("sha384") ? "SHA-384" : "SHA-512");
            return new Digest(algorithm, HexFormat.of().formatHex(hash.digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has the SHA-2 family", e);
        }
    }
}
