package dev.drydock.engine;

/** Hears of a pull or a push, one event at a time. */
@FunctionalInterface
public interface TransferEvents {
    void accept(TransferEvent event);
}
