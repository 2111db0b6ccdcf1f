package dev.drydock.registry;

import java.io.IOException;

/** A proxy did not let us through to the host that was asked for. */
final class ProxyRefusal extends IOException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    private final int status;

    ProxyRefusal(int status) {
        super(
                status == 407
                        ? "the proxy wants another user or password: 407 Proxy Authentication Required"
                        : "the proxy does not connect us: status " + status);
        this.status = status;
    }

    /** Whether another attempt may fare better. */
    boolean isPassing() {
        return Retries.isPassing(status);
    }
}
