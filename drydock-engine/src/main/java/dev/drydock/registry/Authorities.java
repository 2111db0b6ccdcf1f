package dev.drydock.registry;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who may vouch for a registry: the authorities configured for it, else the Java runtime's, else those of the system, where
 * people and companies put their own. The last are read only when the others did not do: it takes a while.
 */
final class Authorities extends ClientSide {
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private final List<X509Certificate> configured;
    private final Map<String, String> environment;
    private final List<@Nullable X509ExtendedTrustManager> opened = new ArrayList<>(); // by this

    Authorities(List<X509Certificate> configured, Map<String, String> environment) {
        this.configured = configured;
        this.environment = environment;
    }

    private static final int SOURCES = 3;

    /** The trust manager of one source of authorities; null when that source has none. */
    private synchronized @Nullable X509ExtendedTrustManager source(int number) throws CertificateException {
        while (opened.size() <= number) {
            try {
                opened.add(
                        switch (opened.size()) {
                            case 0 -> configured.isEmpty() ? null : manager(configured);
                            case 1 -> manager(null);
                            default -> {
                                List<X509Certificate> system = system();
                                yield system.isEmpty() ? null : manager(system);
                            }
                        });
            } catch (IOException | GeneralSecurityException e) {
                throw new CertificateException("cannot read CA certificates: " + e.getMessage(), e);
            }
        }
        return opened.get(number);
    }

    private List<X509Certificate> system() throws IOException, GeneralSecurityException {
        List<String> places = new ArrayList<>(BUNDLES);
        String named = environment.get("SSL_CERT_FILE");
        if (named != null && !named.isEmpty()) {
            places.addFirst(named);
        }
        for (String place : places) {
            Path file = Path.of(place);
            if (Files.isReadable(file)) {
                return PemFiles.certificates(file);
            }
        }
        return List.of();
    }

    private static X509ExtendedTrustManager manager(@Nullable List<X509Certificate> authorities)
            throws IOException, GeneralSecurityException {
        KeyStore store = null;
        if (authorities != null) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return manager;
            }
        }
        throw new AssertionError("every JDK has a trust manager for X.509");
    }

    /** One question to a trust manager. */
    private interface Check {
        void ask(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void check(Check check) throws CertificateException {
        CertificateException first = null;
        for (int number = 0; number < SOURCES; number++) {
            X509ExtendedTrustManager manager = source(number);
            if (manager == null) {
                continue;
            }
            try {
                check.ask(manager);
                return;
            } catch (CertificateException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new CertificateException("no CA certificates are known") : first;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, authType));
    }
}
