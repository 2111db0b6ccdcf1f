package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a helper's script that makes a step's root and the trees that are mounted into it: text for {@code /bin/sh}.
 * The helper is alone in its mount namespace, so nothing needs to be undone.
 */
final class MountScript {
    /** The kernel takes one page of mount options; a little is kept for what it adds. */
    private static final int MAX_OPTIONS = 4000;
    /** Kernels from 5.10 on leave out the syncing of a tree that is thrown away when the machine stops. */
    private static final int VOLATILE_SINCE = 5010;

    private final ProcessSpec process;
    private final Host host;
    private final RootMount means;
    private final Path directory;
    private final StringBuilder script = new StringBuilder(1024);
    private final List<String> sources = new ArrayList<>();
    private final List<Copy> copies = new ArrayList<>();

    /**
     * A tree that is copied before the script runs, because nothing can be mounted to show it.
     *
     * @param lowers layer directories, the lowest first
     */
    record Copy(List<Path> lowers, Path into) {}

    /** {@code directory} is the step's own, and holds what {@link #directories()} names. */
    MountScript(ProcessSpec process, Host host, RootMount means, Path directory) {
        this.process = process;
        this.host = host;
        this.means = means;
        this.directory = directory;
        script.append("set -e\n");
        tree(process.lowers(), process.upper(), process.work(), root());
        if (process.hasSecrets()) {
            script.append("mount -n -i -t tmpfs -o mode=700,nosuid,nodev,noexec tmpfs ");
            script.append(quote(memory())).append('\n');
        }
        for (int i = 0; i < process.binds().size(); i++) {
            sources.add(source(process.binds().get(i), i));
        }
    }

    /** Where further words go. */
    StringBuilder text() {
        return script;
    }

    Path root() {
        return directory.resolve("root");
    }

    /** Its presence tells a step that failed from a helper that did. */
    Path started() {
        return directory.resolve("started");
    }

    /** Where the helper mounts a file system that nobody else sees. */
    Path memory() {
        return directory.resolve("memory");
    }

    /** Where each of the process's binds is, in their order; empty for one that needs no source. */
    List<String> sources() {
        return sources;
    }

    /** The trees to copy first. The process's root is not among them. */
    List<Copy> copies() {
        return copies;
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

    /** The bytes are words of the shell's own commands, so that no list of processes shows them. */
    void write(Path file, byte[] content) {
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
                if (means == RootMount.COPY) {
                    copies.add(new Copy(tree.lowers(), at));
                } else if (scratch == null) {
                    tree(tree.lowers(), null, null, at);
                } else {
                    tree(tree.lowers(), scratch.resolve("upper"), scratch.resolve("work"), at);
                }
                yield within(at, tree.selector());
            }
        };
    }

    private static String within(Path tree, String selector) {
        String relative = selector.startsWith("/") ? selector.substring(1) : selector;
        return tree.resolve(relative).toString();
    }

    private void tree(List<Path> lowers, @Nullable Path upper, @Nullable Path work, Path at) {
        if (means == RootMount.COPY) {
            return; // it is there before the script runs
        }
        List<Path> all = new ArrayList<>(lowers.reversed());
        while (all.size() < (upper == null ? 2 : 1)) {
            all.add(directory.resolve("empty"));
        }
        // layers are named relative to where they are, for the sake of the page that they must fit
        Path base = commonParent(lowers.isEmpty() ? all : lowers);
        StringBuilder options = new StringBuilder("lowerdir=");
        for (int i = 0; i < all.size(); i++) {
            options.append(i == 0 ? "" : ":").append(escape(base.relativize(all.get(i))));
        }
        if (upper != null && work != null) {
            options.append(",upperdir=").append(escape(base.relativize(upper)));
            options.append(",workdir=").append(escape(base.relativize(work)));
        }
        script.append("cd ").append(quote(base)).append('\n');
        if (means == RootMount.FUSE) {
            // without a write-back cache a file is whole when it is closed, however the process of fuse-overlayfs ends
            script.append("fuse-overlayfs -o ")
                    .append(quote(options.append(",writeback=0").toString()));
            script.append(' ').append(quote(at)).append(" < /dev/null > ");
            String log = quote(directory.resolve("fuse.log"));
            script.append(log).append(" 2>&1 || { cat ").append(log).append(" >&2; exit 1; }\n");
            return;
        }
        if (upper != null && host.kernel() >= VOLATILE_SINCE) {
            options.append(",volatile");
        }
        options.append(host.userNamespace() ? ",userxattr" : ",index=off,metacopy=off,redirect_dir=off");
        if (options.length() > MAX_OPTIONS) {
            throw new EnvironmentFault("run step: mount root: " + lowers.size()
                            + " layers are more than the kernel takes in one page of options")
                    .hint("Combine RUN or COPY instructions, or start from an image with fewer layers.");
        }
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

    static String quote(Path path) {
        return quote(path.toString());
    }

    /** One word for sh, whatever is in it. */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
