package dev.drydock.registry;

import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom a registry's certificate is checked against, and what certificate this side shows: by host. */
final class Tls {
    private static final char[] NO_PASSWORD = new char[0];

    private final RegistrySettings settings;

    Tls(RegistrySettings settings) {
        this.settings = settings;
    }

    /** What is configured for one host; empty lists and nulls where nothing is. */
    private record Material(
            List<Path> authorities,
            @Nullable Path certificate,
            @Nullable Path key) {
        boolean isEmpty() {
            return authorities.isEmpty() && certificate == null;
        }
    }

    /** Whether somebody configured certificates for the host: then it speaks TLS. */
    boolean isConfigured(String host) {
        return !material(host).isEmpty();
    }

    /** The context for a host that has to prove who it is. */
    SSLContext context(String host) {
        Material material = material(host);
        List<X509Certificate> authorities = new ArrayList<>();
        for (Path file : material.authorities) {
            authorities.addAll(certificates(file));
        }
        return context(new Authorities(authorities, settings.environment()), keys(material.certificate, material.key));
    }

    /** The context for a host that was declared insecure: its certificate may be anybody's. */
    SSLContext unchecked(String host) {
        Material material = material(host);
        return context(new Unchecked(), keys(material.certificate, material.key));
    }

    private static SSLContext context(TrustManager trust, KeyManager @Nullable [] keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has TLS", e);
        }
    }

    private Material material(String host) {
        RegistrySettings.Host configured = settings.host(host);
        List<Path> authorities = new ArrayList<>();
        if (configured.ca() != null) {
            authorities.add(configured.ca());
        }
        Path certificate = configured.certificate();
        Path key = configured.key();
        for (Path root : settings.certificates()) {
            Path directory = root.resolve(host);
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                List<Path> sorted = new ArrayList<>();
                files.forEach(sorted::add);
                sorted.sort(null);
                for (Path file : sorted) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".crt")) {
                        authorities.add(file);
                    } else if (name.endsWith(".cert") && certificate == null) {
                        certificate = file;
                        key = directory.resolve(name.substring(0, name.length() - ".cert".length()) + ".key");
                    }
                }
            } catch (IOException e) {
                throw new UserFault("read certificates in " + directory + ": " + e.getMessage(), e);
            }
        }
        return new Material(authorities, certificate, key);
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return PemFiles.certificates(file);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    private static KeyManager @Nullable [] keys(@Nullable Path certificate, @Nullable Path key) {
        if (certificate == null) {
            return null;
        }
        if (key == null || !Files.exists(key)) {
            throw new UserFault("use client certificate " + certificate + ": its key is missing")
                    .hint("Put the key beside it: the same name with .key instead of .cert.");
        }
        List<X509Certificate> chain = certificates(certificate);
        try {
            PrivateKey secret = PemFiles.key(key);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("client", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(key, e);
        }
    }

    private static UserFault unusable(Path file, Exception cause) {
        String why =
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        return new UserFault("use " + file + ": " + why, cause)
                .hint("It must be a PEM file: certificates, or a private key that is not encrypted.");
    }
}
