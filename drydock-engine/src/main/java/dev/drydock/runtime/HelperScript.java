package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the helper of a step does, as text for {@code /bin/sh}: mount the root and the trees, then become the OCI runtime. A
 * pure function. The helper is alone in its mount namespace, so nothing needs to be undone.
 */
final class HelperScript {
    /** The kernel takes one page of mount options; a little is kept for what it adds. */
    private static final int MAX_OPTIONS = 4000;
    /** Kernels from 5.10 on leave out the syncing of a tree that is thrown away when the machine stops. */
    private static final int VOLATILE_SINCE = 5010;

    private static final String CONFIG = "config.json";

    private final ProcessSpec process;
    private final Host host;
    private final Path directory;
    private final StringBuilder script = new StringBuilder(1024);
    private final List<String> sources = new ArrayList<>();

    /** {@code directory} is the step's own, and holds what {@link #directories()} names. */
    HelperScript(ProcessSpec process, Host host, OciRuntime runtime, Path directory) {
        this.process = process;
        this.host = host;
        this.directory = directory;
        script.append("set -e\n");
        overlay(process.lowers(), process.upper(), process.work(), root());
        if (process.hasSecrets()) {
            script.append("mount -n -i -t tmpfs -o mode=700,nosuid,nodev,noexec tmpfs ");
            script.append(quote(memory())).append('\n');
        }
        for (int i = 0; i < process.binds().size(); i++) {
            sources.add(source(process.binds().get(i), i));
        }
        if (process.hasSecrets()) {
            write(memory().resolve(CONFIG), spec());
        }
        // its presence tells a step that failed from a helper that did
        script.append(": > ").append(quote(started())).append('\n');
        Path bundle = process.hasSecrets() ? memory() : directory;
        script.append("cd ").append(quote(bundle)).append('\n');
        script.append("exec ").append(quote(runtime.binary()));
        script.append(" --root ").append(quote(bundle.resolve("state")));
        if (runtime.kind() == OciRuntime.Kind.RUNC) {
            // with a log file runc writes its last words plainly, as Docker shows them
            script.append(" --log ").append(quote(directory.resolve("runc.log")));
        }
        script.append(" run ").append(quote(process.id())).append(" < /dev/null\n");
    }

    /** What the helper can do before it knows its step. */
    static String prelude(OciRuntime runtime) {
        // the runtime makes the places for mounts, which everybody in the step must be able to pass
        return "umask 022\n"
                + (runtime.hideUnified() ? "umount " + Host.CGROUP_ROOT.resolve("unified") + " || exit\n" : "");
    }

    String text() {
        return script.toString();
    }

    Path root() {
        return directory.resolve("root");
    }

    Path started() {
        return directory.resolve("started");
    }

    /** The directories that the script needs. */
    List<Path> directories() {
        List<Path> all = new ArrayList<>(List.of(root(), directory.resolve("empty")));
        if (process.hasSecrets()) {
            all.add(memory());
        }
        for (int i = 0; i < process.binds().size(); i++) {
            if (process.binds().get(i) instanceof ProcessSpec.Bind.Tree tree) {
                all.add(mountPoint(i));
                Path scratch = tree.scratch();
                if (scratch != null) {
                    all.add(scratch.resolve("upper"));
                    all.add(scratch.resolve("work"));
                }
            }
        }
        return all;
    }

    /** The OCI runtime's spec that fits the script; empty when the script has it itself, because it tells secrets. */
    byte[] config() {
        return process.hasSecrets() ? new byte[0] : spec();
    }

    private byte[] spec() {
        return RuntimeSpec.of(process, host, root().toString(), sources).bytes();
    }

    /** Where the helper mounts a file system that nobody else sees. */
    private Path memory() {
        return directory.resolve("memory");
    }

    /** The bytes are words of the shell's own commands, so that no list of processes shows them. */
    private void write(Path file, byte[] content) {
        script.append("printf %s ").append(quote(Base64.getEncoder().encodeToString(content)));
        script.append(" | base64 -d > ").append(quote(file)).append('\n');
    }

    private Path mountPoint(int bind) {
        return directory.resolve("m" + bind);
    }

    private String source(ProcessSpec.Bind bind, int index) {
        return switch (bind) {
            case ProcessSpec.Bind.HostPath path -> path.source().toString();
            case ProcessSpec.Bind.Tmpfs _ -> "";
            case ProcessSpec.Bind.InMemory secret -> {
                Path file = memory().resolve(Integer.toString(index));
                write(file, secret.content());
                String owner = Integer.toUnsignedString(secret.uid()) + ":" + Integer.toUnsignedString(secret.gid());
                script.append("chown ")
                        .append(owner)
                        .append(' ')
                        .append(quote(file))
                        .append('\n');
                script.append("chmod ")
                        .append(Integer.toOctalString(secret.mode()))
                        .append(' ');
                script.append(quote(file)).append('\n');
                yield file.toString();
            }
            case ProcessSpec.Bind.Tree tree -> {
                Path scratch = tree.scratch();
                if (scratch == null && tree.lowers().size() == 1) {
                    yield within(tree.lowers().getFirst(), tree.selector());
                }
                Path at = mountPoint(index);
                if (scratch == null) {
                    overlay(tree.lowers(), null, null, at);
                } else {
                    overlay(tree.lowers(), scratch.resolve("upper"), scratch.resolve("work"), at);
                }
                yield within(at, tree.selector());
            }
        };
    }

    private static String within(Path tree, String selector) {
        String relative = selector.startsWith("/") ? selector.substring(1) : selector;
        return tree.resolve(relative).toString();
    }

    /** Names the layers relative to where they are, for the sake of {@link #MAX_OPTIONS}. */
    private void overlay(List<Path> lowers, @Nullable Path upper, @Nullable Path work, Path at) {
        List<Path> all = new ArrayList<>(lowers.reversed());
        while (all.size() < (upper == null ? 2 : 1)) {
            all.add(directory.resolve("empty"));
        }
        Path base = commonParent(lowers.isEmpty() ? all : lowers);
        StringBuilder options = new StringBuilder("lowerdir=");
        for (int i = 0; i < all.size(); i++) {
            options.append(i == 0 ? "" : ":").append(escape(base.relativize(all.get(i))));
        }
        if (upper != null && work != null) {
            options.append(",upperdir=").append(escape(base.relativize(upper)));
            options.append(",workdir=").append(escape(base.relativize(work)));
            options.append(host.kernel() >= VOLATILE_SINCE ? ",volatile" : "");
        }
        options.append(host.userNamespace() ? ",userxattr" : ",index=off,metacopy=off,redirect_dir=off");
        if (options.length() > MAX_OPTIONS) {
            throw new EnvironmentFault("run step: mount root: " + lowers.size()
                            + " layers are more than the kernel takes in one page of options")
                    .hint("Combine RUN or COPY instructions, or start from an image with fewer layers.");
        }
        script.append("cd ").append(quote(base)).append('\n');
        script.append("mount -n -i -t overlay -o ").append(quote(options.toString()));
        script.append(" overlay ").append(quote(at)).append('\n');
    }

    private static Path commonParent(List<Path> paths) {
        Path common = paths.getFirst();
        do {
            Path parent = common.getParent();
            if (parent == null) {
                return common;
            }
            common = parent;
        } while (!all(paths, common));
        return common;
    }

    private static boolean all(List<Path> paths, Path parent) {
        for (Path path : paths) {
            if (!path.startsWith(parent)) {
                return false;
            }
        }
        return true;
    }

    private static String escape(Path path) {
        return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }

    private static String quote(Path path) {
        return quote(path.toString());
    }

    /** One word for sh, whatever is in it. */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
