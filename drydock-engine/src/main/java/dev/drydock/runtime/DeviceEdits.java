package dev.drydock.runtime;

import dev.drydock.oci.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * What devices change in a step, as their descriptions say.
 *
 * @param env {@code KEY=value}
 * @param nodes device files of the host
 * @param binds files and directories of the host
 * @param groups supplementary groups
 * @param hooks programs of the host that an OCI runtime starts, each under the name of its moment
 */
public record DeviceEdits(
        List<String> env, List<Node> nodes, List<ProcessSpec.Bind> binds, List<Integer> groups, List<Hook> hooks) {
    /** Nothing. */
    public static final DeviceEdits NONE = new DeviceEdits(List.of(), List.of(), List.of(), List.of(), List.of());

    public DeviceEdits {
        env = List.copyOf(env);
        nodes = List.copyOf(nodes);
        binds = List.copyOf(binds);
        groups = List.copyOf(groups);
        hooks = List.copyOf(hooks);
    }

    /**
     * A device file.
     *
     * @param path in the step
     * @param host on the host
     * @param type {@code c}, {@code b} or {@code p}
     * @param access what is allowed: letters of {@code rwm}
     */
    public record Node(
            String path, String host, String type, int major, int minor, int mode, int uid, int gid, String access) {}

    /** A program that is started at a moment such as {@code createContainer}. */
    public record Hook(String moment, JsonValue program) {}

    /** These and then others. */
    DeviceEdits and(DeviceEdits more) {
        return new DeviceEdits(
                joined(env, more.env),
                joined(nodes, more.nodes),
                joined(binds, more.binds),
                joined(groups, more.groups),
                joined(hooks, more.hooks));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
