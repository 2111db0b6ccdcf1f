package dev.drydock.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of the host each step may use; zero and null are "no limit". Not in any key: a step that had less makes the
 * same image.
 *
 * @param memory in bytes
 * @param memorySwap memory and swap together, in bytes; -1 for no limit of swap
 * @param cpuShares weight beside others, 1024 being the usual one
 * @param cpuPeriod of the quota, in microseconds
 * @param cpuQuota processor time in each period, in microseconds
 * @param cpus processors that may be used, {@code 0-3} or {@code 0,1}
 * @param mems memory nodes that may be used
 */
public record ResourceLimits(
        long memory,
        long memorySwap,
        long cpuShares,
        long cpuPeriod,
        long cpuQuota,
        @Nullable String cpus,
        @Nullable String mems) {
    public static final ResourceLimits NONE = new ResourceLimits(0, 0, 0, 0, 0, null, null);

    /** The flags that set something, as {@code --resource} takes them. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        named(names, memory != 0, "memory");
        named(names, memorySwap != 0, "memory-swap");
        named(names, cpuShares != 0, "cpu-shares");
        named(names, cpuPeriod != 0, "cpu-period");
        named(names, cpuQuota != 0, "cpu-quota");
        named(names, cpus != null, "cpuset-cpus");
        named(names, mems != null, "cpuset-mems");
        return names;
    }

    /** The same but for some, by the names that {@link #names} gives. */
    public ResourceLimits without(Collection<String> names) {
        return new ResourceLimits(
                names.contains("memory") ? 0 : memory,
                names.contains("memory-swap") ? 0 : memorySwap,
                names.contains("cpu-shares") ? 0 : cpuShares,
                names.contains("cpu-period") ? 0 : cpuPeriod,
                names.contains("cpu-quota") ? 0 : cpuQuota,
                names.contains("cpuset-cpus") ? null : cpus,
                names.contains("cpuset-mems") ? null : mems);
    }

    private static void named(List<String> names, boolean set, String name) {
        if (set) {
            names.add(name);
        }
    }

    /** Whether nothing is limited. */
    public boolean isNone() {
        return equals(NONE);
    }
}
