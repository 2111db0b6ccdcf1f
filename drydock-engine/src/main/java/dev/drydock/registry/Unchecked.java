package dev.drydock.registry;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;

/** Takes every certificate: for hosts that the user declared insecure, and no others. */
final class Unchecked extends ClientSide {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        // the user said so
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        // the user said so
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        // the user said so
    }
}
