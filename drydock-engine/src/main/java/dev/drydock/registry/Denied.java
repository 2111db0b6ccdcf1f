package dev.drydock.registry;

import java.io.Serial;

/** The registry or its token server does not let us: the message says why. Never leaves this package. */
final class Denied extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Denied(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
