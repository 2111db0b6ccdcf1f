package dev.drydock.frontend;

import dev.drydock.dockerfile.Finding;
import dev.drydock.fault.DrydockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the checks say of a Dockerfile.
 *
 * @param findings in the order in which they were made
 * @param fault what would end a build before its first step, null if nothing would
 */
public record CheckReport(List<Finding> findings, @Nullable DrydockException fault) {
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Whether there is nothing to mend. */
    public boolean isClean() {
        return findings.isEmpty() && fault == null;
    }
}
