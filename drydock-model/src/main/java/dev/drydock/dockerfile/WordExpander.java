package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Expands variables in a word of a Dockerfile and takes its quotes and escapes away. Immutable.
 *
 * <p>Known are {@code $name}, {@code ${name}} and the modifiers {@code - + ?} (each also after a colon), {@code # ## % %%}
 * and {@code / //}, as a POSIX shell has them, without bracket expressions in patterns.
 */
public final class WordExpander {
    private final char escape;
    private final Set<WordScanner.Mode> modes;

    private WordExpander(char escape, Set<WordScanner.Mode> modes) {
        this.escape = escape;
        this.modes = modes;
    }

    /** For words of instructions; {@code escape} is the Dockerfile's escape character. */
    public static WordExpander withEscape(char escape) {
        return new WordExpander(escape, Set.of());
    }

    /** For heredoc bodies: quotes stay, the escape character is a backslash whatever the Dockerfile says. */
    public static WordExpander forHeredocs() {
        return new WordExpander('\\', Set.of(WordScanner.Mode.KEEP_QUOTES));
    }

    /** For showing a step: quotes stay, and so do variables that are not set. */
    public static WordExpander forStepNames(char escape) {
        return new WordExpander(escape, Set.of(WordScanner.Mode.RAW_QUOTES, WordScanner.Mode.KEEP_UNSET));
    }

    /** Where variables have their values. */
    @FunctionalInterface
    public interface Lookup {
        /** The variable's value, null if it is not set. */
        @Nullable
        String value(String name);
    }

    /**
     * An expanded word.
     *
     * @param matched the names that were used and set, in the order of use
     * @param unmatched the names that were used and not set, in the order of use
     */
    public record Expansion(String value, Set<String> matched, Set<String> unmatched) {
        public Expansion {
            matched = Collections.unmodifiableSet(new LinkedHashSet<>(matched));
            unmatched = Collections.unmodifiableSet(new LinkedHashSet<>(unmatched));
        }
    }

    /**
     * An expanded and split word.
     *
     * @param words never empty ones
     */
    public record WordList(List<String> words) {
        public WordList {
            words = List.copyOf(words);
        }
    }

    /**
     * Expands a word into one word.
     *
     * @throws UserFault {@code failed to process "<word>": …}, without a place
     */
    public Expansion expand(String word, Lookup env) {
        WordScanner scanner = new WordScanner(word, escape, env, modes);
        String value = scanner.scan(null);
        return new Expansion(value, scanner.matched(), scanner.unmatched());
    }

    /**
     * Expands a word and splits the result at blanks that are neither quoted nor escaped; a variable may hold several
     * words.
     *
     * @throws UserFault {@code failed to process "<word>": …}, without a place
     */
    public WordList expandWords(String word, Lookup env) {
        WordScanner scanner = new WordScanner(word, escape, env, modes);
        WordScanner.Splitter splitter = new WordScanner.Splitter();
        scanner.scan(splitter);
        return new WordList(splitter.words());
    }
}
