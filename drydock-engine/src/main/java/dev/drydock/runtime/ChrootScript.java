package dev.drydock.runtime;

import static dev.drydock.runtime.MountScript.quote;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import java.nio.file.Path;

/**
 * Mounts the root, {@code /proc}, {@code /dev}, {@code /sys} and the trees, moves the root over the host's, and becomes the
 * step: the isolation for hosts without an OCI runtime, made of util-linux alone. A pure function. The helper has process,
 * mount, IPC and host name namespaces of its own.
 *
 * <p>Places for mounts are entered name by name, and where that led is compared with where it should have: a link that an
 * earlier step or a shared cache holds never leads out of the root.
 */
final class ChrootScript extends MountedScript {
    private static final String FUNCTIONS = """
            into() {
              cd -P "$1"; here=$1; shift
              for name; do
                here=$here/$name
                [ -e "./$name" ] || mkdir "./$name"
                cd -P "./$name"
                [ "$PWD" = "$here" ] || { echo "mount target ${here#"$root"}: a link leads to $PWD" >&2; exit 1; }
              done
            }
            file() {
              [ ! -L "./$1" ] || { echo "mount target ${PWD#"$root"}/$1: it is a link" >&2; exit 1; }
              [ -e "./$1" ] || (set -C; : > "./$1")
            }
            locked() {
              for more in '' ,nosuid,nodev ,nosuid,nodev,noexec; do
                mount -n -i -o "remount,bind,ro$more" "$1" 2> /dev/null && return
              done
              echo "mount ${1#"$root"} read-only: not permitted" >&2; exit 1
            }
            """;

    private final ProcessSpec process;
    private final Rung rung;
    private final Host host;
    private final Programs programs;
    private final StringBuilder script;
    private final Path root;

    /**
     * The script of a step.
     *
     * @param process targets of its binds and its directory lead through no link of the layers
     * @param directory the step's own, without a link in its path
     */
    ChrootScript(ProcessSpec process, Host host, Rung rung, Programs programs, Path directory) {
        super(new MountScript(process, host, rung.root(), directory));
        this.process = process;
        this.rung = rung;
        this.host = host;
        this.programs = programs;
        this.script = mounts.text();
        this.root = mounts.root();
        if (!process.devices().hooks().isEmpty()) {
            throw new UserFault("run step: its devices want programs of the host to be started,"
                            + " which chroot isolation does not do")
                    .hint("Install runc or crun, and build without --isolation=chroot.");
        }
        line("root=" + quote(root));
        script.append(FUNCTIONS);
        boolean insecure = process.security() == Op.Security.INSECURE;
        line("mount -n -i --bind " + quote(root) + " " + quote(root));
        if (!insecure) {
            line("mount -n -i -o remount,bind,nodev " + quote(root));
        }
        kernelFiles(insecure);
        devices(insecure);
        for (int i = 0; i < process.binds().size(); i++) {
            bind(process.binds().get(i), mounts.sources().get(i));
        }
        into(process.cwd());
        line(": > " + quote(mounts.started()));
        become();
    }

    private void line(String text) {
        script.append(text).append('\n');
    }

    private void into(String path) {
        script.append("into ").append(quote(root));
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                script.append(' ').append(quote(name));
            }
        }
        script.append('\n');
    }

    private void kernelFiles(boolean insecure) {
        into("/proc");
        line(rung.ownProc() ? "mount -n -i -t proc -o nosuid,nodev,noexec proc ." : "mount -n -i --rbind /proc .");
        into("/sys");
        // sysfs can only be mounted by the owner of the network namespace
        String network = process.network() == Op.Network.NONE ? "unshare --net " : "";
        line(network + "mount -n -i -t sysfs -o " + (insecure ? "rw" : "ro")
                + ",nosuid,nodev,noexec sysfs . 2> /dev/null" + " || mount -n -i --rbind /sys .");
        if (insecure || !rung.ownProc()) {
            return;
        }
        for (String path : RuntimeSpec.MASKED) {
            String at = quote(root + path);
            line("[ ! -d " + at + " ] || mount -n -i -t tmpfs -o ro,size=4k tmpfs " + at);
            line("[ ! -f " + at + " ] || mount -n -i --bind /dev/null " + at);
        }
        for (String path : RuntimeSpec.READ_ONLY) {
            String at = quote(root + path);
            line("[ ! -e " + at + " ] || { mount -n -i --bind " + at + " " + at + "; locked " + at + "; }");
        }
    }

    private void devices(boolean insecure) {
        into("/dev");
        if (insecure) {
            line("mount -n -i --rbind /dev .");
            return;
        }
        line("mount -n -i -t tmpfs -o nosuid,strictatime,mode=755,size=65536k tmpfs .");
        into("/dev");
        line("for name in null zero full random urandom tty; do : > $name; mount -n -i --bind /dev/$name $name; done");
        line("mkdir pts shm mqueue");
        line("mount -n -i -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620 devpts pts");
        line("mount -n -i -t tmpfs -o nosuid,noexec,nodev,mode=1777,size=65536k shm shm");
        line("mount -n -i -t mqueue -o nosuid,noexec,nodev mqueue mqueue");
        for (DeviceEdits.Node node : process.devices().nodes()) {
            into(node.path().substring(0, node.path().lastIndexOf('/')));
            String name = quote(node.path().substring(node.path().lastIndexOf('/') + 1));
            line("file " + name + "; mount -n -i --bind " + quote(node.host()) + " ./" + name);
        }
        into("/dev");
        line("ln -s pts/ptmx ptmx; ln -s /proc/self/fd fd");
        line("ln -s /proc/self/fd/0 stdin; ln -s /proc/self/fd/1 stdout; ln -s /proc/self/fd/2 stderr");
    }

    private void bind(ProcessSpec.Bind bind, String source) {
        String dest = bind.dest();
        String from = quote(source);
        if (bind instanceof ProcessSpec.Bind.Tmpfs tmpfs) {
            into(dest);
            line("mount -n -i -t tmpfs -o nosuid" + (tmpfs.size() == 0 ? "" : ",size=" + tmpfs.size()) + " tmpfs .");
            return;
        }
        String name = dest.substring(dest.lastIndexOf('/') + 1);
        // where it is a directory, it is entered; a file's place is beside it
        line("if [ -d " + from + " ]; then");
        into(dest);
        line("mount -n -i --rbind " + from + " .; else");
        into(dest.substring(0, dest.lastIndexOf('/')));
        line("file " + quote(name) + "; mount -n -i --bind " + from + " " + quote("./" + name) + "; fi");
        boolean readOnly = switch (bind) {
            case ProcessSpec.Bind.HostPath path -> path.readOnly();
            case ProcessSpec.Bind.Tree tree -> tree.scratch() == null;
            default -> true;
        };
        if (readOnly) {
            line("locked " + quote(root + dest));
        }
    }

    private void become() {
        line("hostname " + quote(process.hostname()) + " 2> /dev/null || :");
        ChrootCommand command = new ChrootCommand(process, host, programs);
        if (process.network() == Op.Network.NONE) {
            command.inOwnNetwork();
        }
        script.append(command.prelude());
        line("cd " + quote(root));
        line("mount -n -i --move . /");
        line("exec " + command.words());
    }

    @Override
    public byte[] config() {
        return new byte[0];
    }
}
