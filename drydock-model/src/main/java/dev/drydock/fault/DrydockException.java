package dev.drydock.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault that a person can act on: a message of the form <i>verb object: cause</i>, the place in the user's text where
 * there is one, and hints that say what to do next. The subclass says who must act. Place and hints are added while the
 * fault travels, instead of wrapping it. Secrets never enter a message or a hint.
 */
public abstract sealed class DrydockException extends RuntimeException
        permits UserFault, StepFailed, EnvironmentFault, RemoteFault, CorruptData, Bug {
    private @Nullable SourceRange range;
    private @Nullable String source;
    private final List<String> subjects = new ArrayList<>();
    private final List<String> hints = Collections.synchronizedList(new ArrayList<>());

    DrydockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The message, never null. */
    public final String text() {
        String message = getMessage();
        return message == null ? getClass().getSimpleName() : message;
    }

    /** Where in the user's text the fault lies. */
    public final synchronized Optional<SourceRange> range() {
        return Optional.ofNullable(range);
    }

    /** The word of the user's text that is wrong, as far as it is one. */
    public final synchronized Optional<String> subject() {
        return subjects.stream().findFirst();
    }

    /** Where the wrong word stands in {@code text}: the narrowest that is known and found, if any is. */
    public final synchronized Optional<SourceRange> word(String text) {
        SourceRange place = range;
        if (place == null || place.startColumn() > 0) {
            return Optional.ofNullable(place);
        }
        return subjects.stream()
                .flatMap(subject -> place.find(text, subject).stream())
                .findFirst();
    }

    /** The text that the place lies in, if whoever had it gave it. */
    public final synchronized Optional<String> source() {
        return Optional.ofNullable(source);
    }

    /** Gives the text that the place lies in. */
    public final synchronized void lieIn(String text) {
        source = text;
    }

    /** What to do next, one sentence each, in the order they were added. */
    public final List<String> hints() {
        synchronized (hints) {
            return List.copyOf(hints);
        }
    }

    final synchronized void place(SourceRange at) {
        if (range == null) {
            range = at;
        }
    }

    final synchronized void subject(String word) {
        if (!word.isEmpty() && !subjects.contains(word)) {
            subjects.add(word);
        }
    }

    final void addHint(String hint) {
        if (!hints.contains(hint)) {
            hints.add(hint);
        }
    }

    /** A fault of the same kind that says {@code text} instead; place, words and hints are kept, and this is its cause. */
    public final DrydockException saying(String text) {
        DrydockException told = copy(text);
        synchronized (this) {
            range().ifPresent(told::place);
            subjects.forEach(told::subject);
        }
        return told;
    }

    /**
     * The same fault where its own place means nothing to the reader, as that text is in no file of theirs: it lies in
     * {@code place} instead, at {@code word}.
     */
    public final DrydockException movedTo(SourceRange place, String word) {
        return copy(text()).at(place).about(word);
    }

    private DrydockException copy(String text) {
        DrydockException told = switch (this) {
            case UserFault _ -> new UserFault(text, this);
            case EnvironmentFault _ -> new EnvironmentFault(text, this);
            case RemoteFault _ -> new RemoteFault(text, this);
            case CorruptData _ -> new CorruptData(text, this);
            case StepFailed failed -> new StepFailed(text, failed.exitCode(), this);
            case Bug _ -> new Bug(text, this);
        };
        hints().forEach(told::addHint);
        return told;
    }

    /** Sets the place if none is known yet; the innermost place wins. Returns this fault. */
    public abstract DrydockException at(SourceRange place);

    /**
     * Says which word of the user's text is wrong. A later one is wider: it is what is shown where the earlier ones do not
     * stand in the text as they are, as the value of a variable does not. Returns this fault.
     */
    public abstract DrydockException about(String word);

    /** Adds what to do next. Returns this fault. */
    public abstract DrydockException hint(String hint);
}
