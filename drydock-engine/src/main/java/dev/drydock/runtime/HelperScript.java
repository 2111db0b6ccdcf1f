package dev.drydock.runtime;

import java.nio.file.Path;

/** Mounts the root and the trees, then becomes the OCI runtime. A pure function. */
final class HelperScript extends MountedScript {
    private static final String CONFIG = "config.json";
    private static final String STATE = "state";

    private final ProcessSpec process;
    private final Host host;
    private final StepFilter filter;

    /** {@code directory} is the step's own. */
    HelperScript(
            ProcessSpec process, Host host, StepFilter filter, OciRuntime runtime, RootMount means, Path directory) {
        super(new MountScript(process, host, means, directory));
        this.process = process;
        this.host = host;
        this.filter = filter;
        StringBuilder script = mounts.text();
        if (process.hasSecrets()) {
            mounts.write(mounts.memory().resolve(CONFIG), spec());
        }
        script.append(": > ").append(MountScript.quote(mounts.started())).append('\n');
        Path bundle = process.hasSecrets() ? mounts.memory() : directory;
        script.append("cd ").append(MountScript.quote(bundle)).append('\n');
        if (runtime.kind() == OciRuntime.Kind.CRUN) {
            // it starts itself again from a file that it makes there, and else in /tmp, where a killed one leaves it
            script.append("export _LIBCONTAINER_STATEDIR=")
                    .append(MountScript.quote(directory))
                    .append('\n');
        }
        // the first process becomes the parent of fuse-overlayfs, for whose end crun would wait
        boolean stays = means == RootMount.FUSE;
        script.append(stays ? "" : "exec ").append(MountScript.quote(runtime.binary()));
        script.append(" --root ").append(MountScript.quote(bundle.resolve(STATE)));
        if (runtime.kind() == OciRuntime.Kind.RUNC) {
            // with a log file runc writes its last words plainly, as Docker shows them
            script.append(" --log ").append(MountScript.quote(directory.resolve("runc.log")));
        }
        script.append(" run ").append(MountScript.quote(process.id())).append(" < /dev/null");
        script.append(stays ? " || exit $?\n" : "\n");
    }

    /** Where a runtime keeps what it knows of a step without secrets; {@code directory} is the step's own. */
    static Path state(Path directory, String id) {
        return directory.resolve(STATE).resolve(id);
    }

    /** What the helper can do before it knows its step. */
    static String prelude(OciRuntime runtime) {
        // the runtime makes the places for mounts, which everybody in the step must be able to pass
        if (!runtime.hideUnified()) {
            return "umask 022\n";
        }
        // what a user namespace has from outside cannot be unmounted in it, but covered
        Path unified = Host.CGROUP_ROOT.resolve("unified");
        return "umask 022\numount " + unified + " 2> /dev/null || mount -n -i -t tmpfs tmpfs " + unified + " || exit\n";
    }

    /** The OCI runtime's spec; empty when the script has it itself, because it tells secrets. */
    @Override
    public byte[] config() {
        return process.hasSecrets() ? new byte[0] : spec();
    }

    private byte[] spec() {
        return RuntimeSpec.of(process, host, filter, mounts.root().toString(), mounts.sources())
                .bytes();
    }
}
