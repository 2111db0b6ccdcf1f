package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.List;

/** Which fact about an input names an op's result. */
public sealed interface InputRule {
    /** The input as a whole: its own key. */
    record ByKey() implements InputRule {}

    /**
     * Only the content of some paths of it.
     *
     * @param selections what is looked at; the runner's own words, compared by the runner only
     * @param name of these selections: equal where they look at the same, and the same in every version of the program
     */
    record ByContent(List<Object> selections, Digest name) implements InputRule {
        public ByContent {
            selections = List.copyOf(selections);
        }
    }
}
