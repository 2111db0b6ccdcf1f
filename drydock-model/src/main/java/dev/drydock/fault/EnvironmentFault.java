package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** This host lacks something: a kernel feature, disk space, permission, a runtime. */
public final class EnvironmentFault extends DrydockException {
    public EnvironmentFault(String message) {
        this(message, null);
    }

    public EnvironmentFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public EnvironmentFault at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public EnvironmentFault about(String word) {
        subject(word);
        return this;
    }

    @Override
    public EnvironmentFault hint(String hint) {
        addHint(hint);
        return this;
    }
}
