package dev.drydock.event;

/** Receives a build's events, one at a time, in order. */
@FunctionalInterface
public interface BuildEvents {
    void accept(BuildEvent event);
}
