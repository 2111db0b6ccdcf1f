package dev.drydock.engine;

import java.util.List;

/**
 * What a look through a store found.
 *
 * @param problems everything that was wrong
 * @param repaired what was done about it, one sentence each
 * @param left what is still wrong, with what a person can do, one sentence each; without repair, all of it
 */
public record StoreReport(
        int images,
        int layers,
        int blobs,
        int records,
        List<StoreProblem> problems,
        List<String> repaired,
        List<String> left) {
    public StoreReport {
        problems = List.copyOf(problems);
        repaired = List.copyOf(repaired);
        left = List.copyOf(left);
    }
}
