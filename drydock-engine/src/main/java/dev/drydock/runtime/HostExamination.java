package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import dev.drydock.linux.IdMap;
import dev.drydock.network.StepNetwork;
import dev.drydock.network.UpstreamProxy;
import dev.drydock.snapshot.LaterRemoval;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at what this host has for running steps, what it lacks, what each lack costs, and what mends it. */
public final class HostExamination {
    private final Programs programs = new Programs(System.getenv());
    private final List<Finding> findings = new ArrayList<>();

    private HostExamination() {}

    /**
     * One thing that was looked at.
     *
     * @param blocks whether images, or their RUN steps, are not built without it
     * @param subject what, in a word or two
     * @param found what is there
     * @param cost what does not work without it, null if all does
     * @param mend what to do about it, a sentence; null if there is nothing to do
     */
    public record Finding(
            boolean blocks,
            String subject,
            String found,
            @Nullable String cost,
            @Nullable String mend) {}

    /**
     * Looks at everything.
     *
     * @param store directory of the store, for the kept answer about the runtime
     * @param tmp takes the files of the step that tries the runtime
     */
    public static List<Finding> of(Path store, Path tmp) throws InterruptedException {
        HostExamination examination = new HostExamination();
        examination.user();
        examination.runtime(store, tmp);
        examination.controlGroups();
        examination.systemCallFilter();
        examination.selinux(store, SelinuxLabels.Places.HOST);
        examination.disk(store);
        examination.program("git", "git contexts and ADD of repositories", "git");
        examination.program("ssh-agent", "--ssh with key files (an agent's socket works)", "openssh-client");
        return List.copyOf(examination.findings);
    }

    private void good(String subject, String found) {
        findings.add(new Finding(false, subject, found, null, null));
    }

    private void lack(String subject, String found, String cost, @Nullable String mend) {
        findings.add(new Finding(false, subject, found, cost, mend));
    }

    private void block(String subject, String found, String cost, String mend) {
        findings.add(new Finding(true, subject, found, cost, mend));
    }

    private void user() {
        IdMap users = IdMap.users();
        try {
            Privileges.checkOwners();
        } catch (EnvironmentFault e) {
            block("user", e.text(), "build and import", String.join(" ", e.hints()));
            return;
        }
        if (users.isInitial()) {
            good("user", "root");
        } else if (users.size() > 1) {
            good("user", "root of a user namespace with " + users.size() + " IDs");
        } else {
            Optional<Privileges.Lack> why = Privileges.oneId();
            lack(
                    "user",
                    "root of a user namespace with one ID: "
                            + why.map(Privileges.Lack::what).orElse("no range of IDs"),
                    "images with files of more than one owner, and USER",
                    why.map(Privileges.Lack::mend).orElse(null));
        }
    }

    private void runtime(Path store, Path tmp) throws InterruptedException {
        List<String> words = new ArrayList<>();
        try (OciExecutor executor = OciExecutor.open(
                store,
                tmp,
                Ladder.of(Ladder.Mode.AUTO, System.getenv()),
                new OciExecutor.Networking(null, UpstreamProxy.NONE, words::add),
                LaterRemoval::now)) {
            rung(executor.rung());
            StepNetwork network = executor.network(Op.Network.DEFAULT);
            if (network.kind() == StepNetwork.Kind.HOST) {
                lack(
                        "network",
                        words.isEmpty() ? "the host's: none can be made for steps here" : String.join("; ", words),
                        "a network of the steps' own: they reach what listens on this host",
                        words.isEmpty()
                                ? Privileges.IN_A_CONTAINER
                                : "Install what carries one: `apt-get install passt`, or slirp4netns; a plain user must be"
                                        + " allowed to open /dev/net/tun.");
            } else {
                good("network", "the steps' own, through " + network.kind());
            }
        } catch (EnvironmentFault e) {
            block("runtime", e.text(), "RUN", String.join(" ", e.hints()));
        }
    }

    private void rung(Rung rung) {
        String tried = rung.label() + ", tried with a step of its own";
        if (!rung.mounts()) {
            lack(
                    "runtime",
                    tried,
                    "isolation within this container: a step sees its processes and its network, has no /proc, and"
                            + " as root can get out into it",
                    Privileges.IN_A_CONTAINER);
        } else if (rung.runtime() != null) {
            good("runtime", tried + " (namespaces, seccomp)");
        } else {
            boolean installed =
                    programs.find("runc").isPresent() || programs.find("crun").isPresent();
            lack(
                    "runtime",
                    tried,
                    "the system call filter and control groups: RUN steps are isolated by chroot and namespaces alone",
                    installed
                            ? "Run it outside of a container, or in one that is started with"
                                    + " `--privileged` or `--security-opt unmask=/proc/*`: runc and crun must mount /proc."
                            : "Install a runtime: `apt-get install crun`.");
        }
        switch (rung.root()) {
            case OVERLAY -> good("layers", "mounted with the kernel's overlay");
            case FUSE ->
                lack(
                        "layers",
                        "mounted with fuse-overlayfs: the kernel refuses its overlay here",
                        "speed: every read and write of a step goes through a process",
                        "Use Linux 5.11 or later, and keep the store on a local disk: --root DIRECTORY.");
            case COPY ->
                lack(
                        "layers",
                        rung.mounts()
                                ? "copied: neither the kernel's overlay nor fuse-overlayfs can be mounted here"
                                : "copied: nothing can be mounted here",
                        "speed and space: every RUN step copies its root file system",
                        rung.mounts()
                                ? "Use Linux 5.11 or later and a store on a local disk, or `apt-get install fuse-overlayfs`."
                                : Privileges.IN_A_CONTAINER);
        }
    }

    private void controlGroups() {
        Host.Cgroups cgroups = Host.current().cgroups();
        switch (cgroups) {
            case UNIFIED -> good("control groups", "version 2");
            case HYBRID -> good("control groups", "version 1, with version 2 beside it");
            case LEGACY -> good("control groups", "version 1");
            case NONE ->
                lack(
                        "control groups",
                        IdMap.users().isInitial() ? "not mounted" : "not a plain user's to write",
                        "--cgroup-parent",
                        IdMap.users().isInitial() ? "Mount them: `mount -t cgroup2 none /sys/fs/cgroup`." : null);
        }
    }

    private void systemCallFilter() {
        if (Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail"))) {
            String profile = Host.current().appArmor();
            good(
                    "seccomp",
                    "the kernel filters system calls" + (profile == null ? "" : "; AppArmor profile " + profile));
        } else {
            block(
                    "seccomp",
                    "not in this kernel",
                    "RUN without --security=insecure",
                    "Use a kernel with CONFIG_SECCOMP_FILTER.");
        }
    }

    /** Nothing is said on a host that has none. */
    private void selinux(Path store, SelinuxLabels.Places places) {
        SelinuxLabels.ofPolicy(places).ifPresent(labels -> {
            if (labels.isOf(store)) {
                good("selinux", "steps are " + labels.process());
            } else {
                lack(
                        "selinux",
                        "steps are what the build is: the store is not labelled as a place for containers",
                        "SELinux keeps nothing of the host's from steps",
                        "Label it: `semanage fcontext -a -t " + labels.fileType() + " '" + store
                                + "(/.*)?' && restorecon -R " + store + "`.");
            }
        });
    }

    private void disk(Path store) {
        try {
            FileStore disk = Files.getFileStore(store);
            String free = disk.getUsableSpace() / 1_000_000_000L + " GB free on " + disk.type();
            if (disk.type().equals("overlay")
                    || disk.type().startsWith("nfs")
                    || disk.type().equals("fuse.sshfs")) {
                lack(
                        "store",
                        store + ", " + free,
                        "speed: the kernel's overlay does not stand on " + disk.type(),
                        "Keep the store on a local disk: --root DIRECTORY or DRYDOCK_ROOT.");
            } else {
                good("store", store + ", " + free);
            }
        } catch (IOException e) {
            block("store", store + ": " + e.getMessage(), "everything", "Choose another place: --root DIRECTORY.");
        }
    }

    private void program(String name, String cost, String debianPackage) {
        Optional<Path> found = programs.find(name);
        if (found.isPresent()) {
            good(name, found.get().toString());
        } else {
            lack(name, "not installed", cost, "Install it: `apt-get install " + debianPackage + "`.");
        }
    }
}
