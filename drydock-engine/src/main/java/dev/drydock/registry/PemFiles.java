package dev.drydock.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and private keys as OpenSSL writes them. */
final class PemFiles {
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private PemFiles() {}

    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (each instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        }
        return certificates;
    }

    /** A private key: PKCS #8, or the older forms of RSA and elliptic curve keys; not encrypted. */
    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        if (text.contains("ENCRYPTED")) {
            throw new InvalidKeySpecException("the key is encrypted");
        }
        if (text.contains("BEGIN RSA PRIVATE KEY")) {
            return key("RSA", pkcs8(RSA, block(text, "RSA PRIVATE KEY")));
        }
        if (text.contains("BEGIN EC PRIVATE KEY")) {
            byte[] sec1 = block(text, "EC PRIVATE KEY");
            return key("EC", pkcs8(sequence(EC_PUBLIC_KEY, curve(sec1)), sec1));
        }
        byte[] pkcs8 = block(text, "PRIVATE KEY");
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return key(algorithm, pkcs8);
            } catch (InvalidKeySpecException another) {
                // the next one
            }
        }
        throw new InvalidKeySpecException("the key is of no kind that is known here: RSA, EC or EdDSA");
    }

    private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] block(String text, String label) throws InvalidKeySpecException {
        String begin = "-----BEGIN " + label + "-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END " + label + "-----");
        if (start < 0 || end < start) {
            throw new InvalidKeySpecException("it holds no private key");
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("its base64 is damaged", e);
        }
    }

    /** The object identifier of the curve that a SEC 1 key names in its parameters. */
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        for (int i = 0; i + 3 < sec1.length; i++) {
            int inner = sec1[i + 1];
            if (sec1[i] == (byte) 0xa0 && inner > 2 && sec1[i + 2] == 0x06 && sec1[i + 3] == inner - 2) {
                return java.util.Arrays.copyOfRange(sec1, i + 2, i + 2 + inner);
            }
        }
        throw new InvalidKeySpecException("the key does not name its curve");
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return sequence(new byte[] {2, 1, 0}, algorithm, element(0x04, key));
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return element(0x30, all.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.length;
        if (length < 0x80) {
            element.write(length);
        } else if (length < 0x100) {
            element.write(0x81);
            element.write(length);
        } else {
            element.write(0x82);
            element.write(length >> 8);
            element.write(length);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
