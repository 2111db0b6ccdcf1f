package dev.drydock.registry;

/** How a host proves who it is. */
enum Trust {
    /** Not at all: plain HTTP. */
    PLAIN,
    /** By a certificate that somebody vouches for. */
    CHECKED,
    /** By any certificate. */
    UNCHECKED
}
