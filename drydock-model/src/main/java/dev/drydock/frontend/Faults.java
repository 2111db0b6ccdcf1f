package dev.drydock.frontend;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.StepFailed;
import dev.drydock.fault.UserFault;
import java.util.function.Supplier;

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

    /** The same kind of fault with words before its own, and its hints. */
    static DrydockException prefixed(String prefix, DrydockException fault) {
        return prefixed(prefix, fault, "");
    }

    /** The same kind of fault with words around its own, and its hints. */
    static DrydockException prefixed(String prefix, DrydockException fault, String suffix) {
        String text = prefix + fault.text() + suffix;
        DrydockException told = switch (fault) {
            case UserFault f -> new UserFault(text, f);
            case EnvironmentFault f -> new EnvironmentFault(text, f);
            case RemoteFault f -> new RemoteFault(text, f);
            case CorruptData f -> new CorruptData(text, f);
            case StepFailed f -> new StepFailed(text, f.exitCode(), f);
            case Bug f -> new Bug(text, f);
        };
        for (String hint : fault.hints()) {
            told = told.hint(hint);
        }
        return fault.range().isPresent() ? told.at(fault.range().get()) : told;
    }
}
