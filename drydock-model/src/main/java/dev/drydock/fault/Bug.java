package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** Drydock broke one of its own rules. */
public final class Bug extends DrydockException {
    public Bug(String message) {
        this(message, null);
    }

    public Bug(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Bug at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public Bug about(String word) {
        subject(word);
        return this;
    }

    @Override
    public Bug hint(String hint) {
        addHint(hint);
        return this;
    }
}
