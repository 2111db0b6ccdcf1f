package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** Something across a network said no or said nothing. */
public final class RemoteFault extends DrydockException {
    public RemoteFault(String message) {
        this(message, null);
    }

    public RemoteFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public RemoteFault at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public RemoteFault about(String word) {
        subject(word);
        return this;
    }

    @Override
    public RemoteFault hint(String hint) {
        addHint(hint);
        return this;
    }
}
