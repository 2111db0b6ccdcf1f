package dev.drydock.ops;

import dev.drydock.graph.ResourceLimits;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a build gives its steps, and what is neither in their layers nor in their keys.
 *
 * @param trust the host's certificates if steps are to see them, else null
 */
public record StepSettings(@Nullable HostTrust trust, StepSecrets secrets, ResourceLimits limits) {}
