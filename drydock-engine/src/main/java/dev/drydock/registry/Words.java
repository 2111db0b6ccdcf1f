package dev.drydock.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;

/** Words for why a request got no answer, the ones that people know from other tools. */
final class Words {
    /** The other side wants a certificate of this one, or another one. */
    static final String OURS = "tls: the registry does not accept us without a certificate that it knows";

    private Words() {}

    private static boolean isAboutOurs(String alert) {
        return alert.contains("Received fatal alert: certificate_required")
                || alert.contains("Received fatal alert: bad_certificate")
                || alert.contains("Received fatal alert: unknown_ca")
                || alert.contains("Received fatal alert: certificate_expired");
    }

    static String of(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnknownHostException _ -> {
                    return "no such host";
                }
                case UnresolvedAddressException _ -> {
                    return "no such host";
                }
                case HttpConnectTimeoutException _ -> {
                    return "connect: no answer in time";
                }
                case ConnectException refused -> {
                    if (String.valueOf(refused.getMessage()).contains("imed out")) {
                        return "connect: connection timed out";
                    }
                    if (!isUnresolved(refused)) {
                        return "connect: connection refused";
                    }
                }
                case CertificateExpiredException _ -> {
                    return "tls: failed to verify certificate: it has expired";
                }
                case CertificateException certificate -> {
                    if (cause.getCause() == null || !(cause.getCause() instanceof CertificateException)) {
                        return "tls: failed to verify certificate: " + reason(certificate);
                    }
                }
                case javax.net.ssl.SSLException plain
                when String.valueOf(plain.getMessage()).contains("nrecognized SSL message") -> {
                    return "http: server gave HTTP response to HTTPS client";
                }
                case javax.net.ssl.SSLException refused
                when isAboutOurs(String.valueOf(refused.getMessage())) -> {
                    return OURS;
                }
                case HttpTimeoutException _ -> {
                    return "no answer in time";
                }
                case EOFException _ -> {
                    return "unexpected EOF";
                }
                default -> {}
            }
        }
        String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        return message.startsWith("Connection reset") ? "connection reset by peer" : message;
    }

    private static boolean isUnresolved(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(CertificateException certificate) {
        String message = String.valueOf(certificate.getMessage());
        return message.contains("unable to find valid certification path")
                        || message.contains("does not chain with any of the trust anchors")
                ? "certificate signed by unknown authority"
                : message;
    }

    /** Whether the certificate was the trouble. */
    static boolean isAboutCertificate(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }
}
