package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what they claim to be. */
public final class CorruptData extends DrydockException {
    public CorruptData(String message) {
        this(message, null);
    }

    public CorruptData(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public CorruptData at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public CorruptData about(String word) {
        subject(word);
        return this;
    }

    @Override
    public CorruptData hint(String hint) {
        addHint(hint);
        return this;
    }
}
