package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** What the user wrote or asked for cannot be done: Dockerfile, flags, context, names. */
public final class UserFault extends DrydockException {
    public UserFault(String message) {
        this(message, null);
    }

    public UserFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public UserFault at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public UserFault about(String word) {
        subject(word);
        return this;
    }

    @Override
    public UserFault hint(String hint) {
        addHint(hint);
        return this;
    }
}
