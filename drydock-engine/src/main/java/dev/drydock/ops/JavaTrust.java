package dev.drydock.ops;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Java has keystores of its own for what it trusts: the image's, with the host's certificates added. */
final class JavaTrust {
    /** Everybody's password for these files; it keeps nobody out. */
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** The distributions' keystores, which their JDKs link to. */
    private static final List<String> SHARED =
            List.of("/etc/ssl/certs/java/cacerts", "/etc/pki/ca-trust/extracted/java/cacerts", "/etc/pki/java/cacerts");

    /** Where JDKs are, one directory each. */
    private static final List<String> HOMES =
            List.of("/usr/lib/jvm", "/opt/java", "/opt", "/usr/local", "/usr/local/sdkman");

    private static final List<String> IN_HOME = List.of("/lib/security/cacerts", "/jre/lib/security/cacerts");
    private static final String JAVA_HOME = "JAVA_HOME=";

    private JavaTrust() {}

    /**
     * The image's keystores with the certificates of {@code added}, PEM, added, by their paths; empty if the image has none.
     *
     * @param env of the step
     */
    static Map<String, byte[]> joined(LayeredTree root, List<String> env, byte[] added) {
        Map<String, byte[]> stores = new LinkedHashMap<>();
        for (String place : places(root, env)) {
            TreeNode file = root.lstat(place).orElseThrow();
            try {
                stores.put(place, joined(LayeredTree.readBytes(file), added));
            } catch (GeneralSecurityException | IOException e) {
                throw new EnvironmentFault("trust: add certificates to the image's " + place + ": " + e.getMessage(), e)
                        .hint("Leave out --trust, or have the Dockerfile remove that keystore.");
            }
        }
        return stores;
    }

    private static Set<String> places(LayeredTree root, List<String> env) {
        Set<String> places = new LinkedHashSet<>();
        SHARED.forEach(place -> add(root, place, places));
        for (String variable : env) {
            if (variable.startsWith(JAVA_HOME)) {
                IN_HOME.forEach(end -> add(root, variable.substring(JAVA_HOME.length()) + end, places));
            }
        }
        for (String homes : HOMES) {
            String real = root.resolve(homes);
            if (root.lstat(real).filter(TreeNode::isDirectory).isPresent()) {
                for (TreeNode home : root.list(real)) {
                    IN_HOME.forEach(end -> add(root, home.path() + end, places));
                }
            }
        }
        return places;
    }

    private static void add(LayeredTree root, String place, Set<String> places) {
        String real = root.resolve(place);
        if (root.lstat(real).filter(TreeNode::isFile).isPresent()) {
            places.add(real);
        }
    }

    private static byte[] joined(byte[] own, byte[] added) throws GeneralSecurityException, IOException {
        KeyStore known = load(own);
        // of the older kind, whose certificates are read without a password, as Java's default reads them
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        for (String alias : Collections.list(known.aliases())) {
            store.setCertificateEntry(alias, known.getCertificate(alias));
        }
        int number = 0;
        for (Certificate certificate : certificates(added)) {
            if (store.getCertificateAlias(certificate) == null) {
                store.setCertificateEntry("host-" + number++, certificate);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    /** Both kinds of file are read by this, with their password or, where they have none, without. */
    private static KeyStore load(byte[] bytes) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("JKS");
        try {
            store.load(new ByteArrayInputStream(bytes), PASSWORD);
        } catch (IOException e) {
            store.load(new ByteArrayInputStream(bytes), null);
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(byte[] added) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(added));
    }
}
