package dev.drydock.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which user and group IDs the user namespace of this process has. A file can only be given an ID that is mapped.
 *
 * @param ranges as the kernel lists them
 */
public record IdMap(List<Range> ranges) {
    private static final long EVERY_ID = 4294967295L;

    public IdMap {
        ranges = List.copyOf(ranges);
    }

    /** {@code count} IDs from {@code inside} on are the outer namespace's from {@code outside} on. */
    public record Range(long inside, long outside, long count) {}

    /** The user IDs of this process. */
    public static IdMap users() {
        return read(Path.of("/proc/self/uid_map"));
    }

    /** The group IDs of this process. */
    public static IdMap groups() {
        return read(Path.of("/proc/self/gid_map"));
    }

    private static IdMap read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            return new IdMap(List.of(new Range(0, 0, EVERY_ID))); // a kernel without user namespaces
        }
    }

    static IdMap parse(List<String> lines) {
        List<Range> ranges = new ArrayList<>();
        for (String line : lines) {
            String[] numbers = line.strip().split("\\s+", -1);
            ranges.add(new Range(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
        }
        return new IdMap(ranges);
    }

    /** Whether this is the host's own namespace, where every ID is itself. */
    public boolean isInitial() {
        return ranges.equals(List.of(new Range(0, 0, EVERY_ID)));
    }

    public boolean has(int id) {
        long wanted = Integer.toUnsignedLong(id);
        return ranges.stream().anyMatch(range -> wanted >= range.inside && wanted < range.inside + range.count);
    }

    /** How many IDs it has. */
    public long size() {
        return ranges.stream().mapToLong(Range::count).sum();
    }
}
