package dev.drydock.engine;

/** What a step may ask for only if the caller allows it. */
public enum Entitlement {
    /** {@code RUN --network=host}. */
    NETWORK_HOST("network.host"),
    /** {@code RUN --security=insecure}: every capability, no system call filter, every device. */
    SECURITY_INSECURE("security.insecure"),
    /** {@code RUN --device}: every device that the host describes. */
    DEVICE("device");

    private final String text;

    Entitlement(String text) {
        this.text = text;
    }

    /** As {@code --allow} spells it. */
    @Override
    public String toString() {
        return text;
    }
}
