package dev.drydock.engine;

import org.jspecify.annotations.Nullable;

/**
 * One thing that this host has for building images, or lacks.
 *
 * @param state whether it is as it should be
 * @param subject what, in a word or two
 * @param found what is there
 * @param cost what does not work without it, null if all does
 * @param mend what to do about it, a sentence; null if there is nothing to do
 */
public record HostFinding(
        State state,
        String subject,
        String found,
        @Nullable String cost,
        @Nullable String mend) {
    /** How bad it is. */
    public enum State {
        /** Nothing is lacking. */
        GOOD,
        /** Images are built, but not everything works. */
        LACKING,
        /** Images, or their RUN steps, are not built. */
        BLOCKED
    }
}
