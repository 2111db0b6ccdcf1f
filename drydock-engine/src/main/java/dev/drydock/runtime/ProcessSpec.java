package dev.drydock.runtime;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process in one root: normalised, explicit and complete, so that whoever runs it decides nothing.
 *
 * @param id unique name of the container on this host, {@code drydock-} and a random part
 * @param lowers layer directories of the root, the lowest first; read only
 * @param upper empty directory that takes the changes
 * @param work empty directory on the same file system as {@code upper}, for overlayfs
 * @param args the command, at least one word
 * @param env {@code KEY=value}
 * @param cwd absolute path; made if it is missing
 * @param uid numeric owner of the process, with {@code gid} and {@code groups} (supplementary)
 * @param binds host paths mounted into the root, in an order that makes nested targets work
 * @param secretEnv further {@code KEY=value}, which never reach a disk
 * @param cgroupParent the control group above the step's own, null for the top
 * @param limits for all processes of the step together
 * @param devices of the host that it has
 * @param network {@code NONE} is an own empty network; the others are what the helper that runs it is on
 */
public record ProcessSpec(
        String id,
        List<Path> lowers,
        Path upper,
        Path work,
        List<String> args,
        List<String> env,
        String cwd,
        int uid,
        int gid,
        List<Integer> groups,
        String hostname,
        List<Bind> binds,
        Op.Network network,
        Op.Security security,
        List<Op.Ulimit> ulimits,
        List<String> secretEnv,
        @Nullable String cgroupParent,
        ResourceLimits limits,
        DeviceEdits devices) {
    public ProcessSpec {
        lowers = List.copyOf(lowers);
        args = List.copyOf(args);
        env = List.copyOf(env);
        groups = List.copyOf(groups);
        binds = List.copyOf(binds);
        ulimits = List.copyOf(ulimits);
        secretEnv = List.copyOf(secretEnv);
    }

    /** The same with other limits. */
    ProcessSpec limited(ResourceLimits otherLimits) {
        return new ProcessSpec(
                id,
                lowers,
                upper,
                work,
                args,
                env,
                cwd,
                uid,
                gid,
                groups,
                hostname,
                binds,
                network,
                security,
                ulimits,
                secretEnv,
                cgroupParent,
                otherLimits,
                devices);
    }

    /** The same with binds and a directory of other names. */
    ProcessSpec at(List<Bind> otherBinds, String otherCwd) {
        return new ProcessSpec(
                id,
                lowers,
                upper,
                work,
                args,
                env,
                otherCwd,
                uid,
                gid,
                groups,
                hostname,
                otherBinds,
                network,
                security,
                ulimits,
                secretEnv,
                cgroupParent,
                limits,
                devices);
    }

    /** Whether something of it may only be in memory. */
    boolean hasSecrets() {
        return !secretEnv.isEmpty() || binds.stream().anyMatch(Bind.InMemory.class::isInstance);
    }

    @Override
    public String toString() {
        return "ProcessSpec[" + id + ", " + args + "]";
    }

    /** Something mounted into the root at {@code dest}, an absolute path. */
    public sealed interface Bind {
        String dest();

        /** A file or directory of the host. */
        record HostPath(String dest, Path source, boolean readOnly) implements Bind {}

        /** A tree of layers seen through a selector; with {@code scratch} not null, writable and thrown away. */
        record Tree(
                String dest,
                List<Path> lowers,
                String selector,
                @Nullable Path scratch) implements Bind {
            public Tree {
                lowers = List.copyOf(lowers);
            }
        }

        /** A small file that is never on a disk: a secret. Read-only. */
        @SuppressWarnings("ArrayRecordComponent") // nobody compares secrets
        record InMemory(String dest, byte[] content, int uid, int gid, int mode) implements Bind {
            @Override
            public String toString() {
                return "InMemory[" + dest + ", ****]";
            }
        }

        /** An empty file system in memory; {@code size} in bytes, 0 for no limit. */
        record Tmpfs(String dest, long size) implements Bind {}
    }
}
