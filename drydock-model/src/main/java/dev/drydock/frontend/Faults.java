package dev.drydock.frontend;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives faults their place and what was being done. */
final class Faults {
    private Faults() {}

    /** Runs {@code work}; a fault without a place gets this one. */
    static void at(SourceRange place, Runnable work) {
        try {
            work.run();
        } catch (DrydockException fault) {
            throw fault.at(place);
        }
    }

    /** Asks {@code work}; a fault without a place gets this one. */
    static <T> T valueAt(SourceRange place, Supplier<T> work) {
        try {
            return work.get();
        } catch (DrydockException fault) {
            throw fault.at(place);
        }
    }

    /** Runs {@code work}; a fault points at {@code word} where it has no narrower word that stands in the file. */
    static void about(String word, Runnable work) {
        try {
            work.run();
        } catch (DrydockException fault) {
            throw fault.about(word);
        }
    }

    /** Asks {@code work}; a fault points at {@code word} where it has no narrower word that stands in the file. */
    static <T> T valueAbout(@Nullable String word, Supplier<T> work) {
        try {
            return work.get();
        } catch (DrydockException fault) {
            throw word == null ? fault : fault.about(word);
        }
    }

    /** The same kind of fault with words before its own, and its hints. */
    static DrydockException prefixed(String prefix, DrydockException fault) {
        return prefixed(prefix, fault, "");
    }

    /** The same kind of fault with words around its own, and its hints. */
    static DrydockException prefixed(String prefix, DrydockException fault, String suffix) {
        return fault.saying(prefix + fault.text() + suffix);
    }
}
