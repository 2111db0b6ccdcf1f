package dev.drydock.fault;

import org.jspecify.annotations.Nullable;

/** A command of the user's ran and did not succeed. */
public final class StepFailed extends DrydockException {
    private final int exitCode;

    /** {@code exitCode} is the process's own, or 128 plus the signal's number when a signal ended it. */
    public StepFailed(String message, int exitCode) {
        this(message, exitCode, null);
    }

    public StepFailed(String message, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    @Override
    public StepFailed at(SourceRange place) {
        place(place);
        return this;
    }

    @Override
    public StepFailed about(String word) {
        subject(word);
        return this;
    }

    @Override
    public StepFailed hint(String hint) {
        addHint(hint);
        return this;
    }
}
