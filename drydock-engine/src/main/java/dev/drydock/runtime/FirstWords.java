package dev.drydock.runtime;

import java.nio.charset.StandardCharsets;

/** The first bytes of a stream. */
final class FirstWords {
    private static final int MAX = 2000;
    private final StringBuilder text = new StringBuilder();

    synchronized void add(byte[] bytes, int length) {
        if (text.length() < MAX) {
            text.append(new String(bytes, 0, Math.min(length, MAX), StandardCharsets.UTF_8));
        }
    }

    synchronized String text() {
        return text.toString();
    }
}
