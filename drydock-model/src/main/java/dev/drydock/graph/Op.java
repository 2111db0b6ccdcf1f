package dev.drydock.graph;

import dev.drydock.oci.Digest;
import dev.drydock.oci.Platform;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A complete, normalised description of one unit of work; equal ops are interchangeable. The family is one to one with
 * BuildKit's LLB ({@code solver/pb/ops.proto}), so that its wire form is a translation and nothing more. An op names its
 * inputs by position in the {@link Vertex} that holds it; {@link #NO_INPUT} means "an empty root".
 */
public sealed interface Op {
    /** An input position that stands for an empty file system (scratch). */
    int NO_INPUT = -1;

    /** LLB SourceOp {@code docker-image://}: an image pinned to its manifest. */
    record Image(String reference, Digest manifest, Platform platform) implements Op {}

    /**
     * LLB SourceOp {@code local://}: a directory of the caller's.
     *
     * @param name which one: {@code context}, {@code dockerfile} or a named context
     * @param excludes ignore patterns, as {@code local.excludepatterns}
     * @param followPaths only these paths are wanted, as {@code local.followpaths}; empty means all
     */
    record Local(String name, List<String> excludes, List<String> followPaths) implements Op {
        public Local {
            excludes = List.copyOf(excludes);
            followPaths = List.copyOf(followPaths);
        }
    }

    /** LLB SourceOp {@code git://}. */
    record Git(String remote, String ref, @Nullable String subdir, Map<String, String> attributes) implements Op {
        public Git {
            attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        }
    }

    /** LLB SourceOp {@code https://}: one file under {@code filename}. */
    record Http(String url, @Nullable Digest checksum, String filename, int mode, int uid, int gid) implements Op {}

    /** LLB SourceOp {@code oci-layout://}. */
    record OciLayout(String store, Digest manifest, Platform platform) implements Op {}

    /**
     * LLB ExecOp: one process in one root.
     *
     * @param mounts the root ({@code /}) first; then in the order written
     */
    record Exec(
            Meta meta,
            List<Mount> mounts,
            Network network,
            Security security,
            List<SecretEnv> secretEnv,
            List<Device> devices,
            Platform platform)
            implements Op {
        public Exec {
            mounts = List.copyOf(mounts);
            secretEnv = List.copyOf(secretEnv);
            devices = List.copyOf(devices);
            if (mounts.isEmpty() || !mounts.getFirst().dest().equals("/")) {
                throw new IllegalArgumentException("the first mount of an exec is its root");
            }
        }
    }

    /**
     * LLB FileOp: actions on file trees, in order.
     *
     * @param actions at least one; see {@link FileAction} for how they refer to each other
     */
    record Files(List<FileAction> actions) implements Op {
        public Files {
            actions = List.copyOf(actions);
            if (actions.isEmpty()) {
                throw new IllegalArgumentException("a file op has at least one action");
            }
        }
    }

    /** LLB MergeOp: the inputs' layers on top of each other, the first at the bottom. */
    record Merge() implements Op {}

    /** LLB DiffOp: what the second input has over the first; either may be {@link #NO_INPUT}. */
    record Diff(int lower, int upper) implements Op {}

    /**
     * The process of an {@link Exec}.
     *
     * @param env {@code KEY=value}, part of the key
     * @param user {@code user[:group]}, names or numbers; empty means root
     * @param proxyEnv handed to the process and not part of the key
     * @param extraHosts names are part of the key, addresses are not
     */
    record Meta(
            List<String> args,
            List<String> env,
            String cwd,
            String user,
            @Nullable ProxyEnv proxyEnv,
            List<HostEntry> extraHosts,
            String hostname,
            List<Ulimit> ulimits,
            @Nullable String cgroupParent,
            List<Integer> validExitCodes) {
        public Meta {
            args = List.copyOf(args);
            env = List.copyOf(env);
            extraHosts = List.copyOf(extraHosts);
            ulimits = List.copyOf(ulimits);
            validExitCodes = List.copyOf(validExitCodes);
        }
    }

    /** Proxy settings; null members are not set. */
    record ProxyEnv(
            @Nullable String httpProxy,
            @Nullable String httpsProxy,
            @Nullable String ftpProxy,
            @Nullable String noProxy,
            @Nullable String allProxy) {}

    record HostEntry(String host, String address) {}

    record Ulimit(String name, long soft, long hard) {}

    /** A secret as an environment variable of the step. */
    record SecretEnv(String id, String name, boolean required) {}

    record Device(String name, boolean required) {}

    /**
     * One mount of an {@link Exec}.
     *
     * @param input position of the vertex's input that is mounted, or {@link Op#NO_INPUT}
     * @param selector path inside the input, {@code /} or empty for all of it
     * @param dest absolute path in the root
     * @param output position among the vertex's outputs, or -1 when changes are thrown away
     */
    record Mount(int input, String selector, String dest, int output, boolean readOnly, MountType type) {}

    /** What kind of mount, with what only that kind has. */
    sealed interface MountType {
        record Bind() implements MountType {}

        record Cache(String id, Sharing sharing) implements MountType {}

        /** {@code size} in bytes, 0 for no limit. */
        record Tmpfs(long size) implements MountType {}

        record Secret(String id, int uid, int gid, int mode, boolean required) implements MountType {}

        record Ssh(String id, int uid, int gid, int mode, boolean required) implements MountType {}
    }

    /** How builds share a cache mount. */
    enum Sharing {
        SHARED,
        PRIVATE,
        LOCKED
    }

    enum Network {
        DEFAULT,
        NONE,
        HOST
    }

    enum Security {
        SANDBOX,
        INSECURE
    }
}
