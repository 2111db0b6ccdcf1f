package dev.drydock.ops;

import dev.drydock.graph.ResourceLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a build gives its steps, and what is neither in their layers nor in their keys.
 *
 * @param trust certificates of the host's or the caller's if steps are to see them, else null
 * @param files logins that every step sees
 * @param devices what they may have of the host's devices
 */
public record StepSettings(
        @Nullable HostTrust trust,
        StepSecrets secrets,
        List<StepFile> files,
        ResourceLimits limits,
        StepDevices devices) {
    public StepSettings {
        files = List.copyOf(files);
    }
}
