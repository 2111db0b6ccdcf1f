package dev.drydock.runtime;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import dev.drydock.network.AllowedHosts;
import dev.drydock.network.HostResolver;
import dev.drydock.network.StepNetwork;
import dev.drydock.network.StepNetworks;
import dev.drydock.network.Tools;
import dev.drydock.network.UpstreamProxy;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LaterRemoval;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps with an OCI runtime. Each has a helper process in namespaces of its own that mounts the root and becomes the
 * runtime; when the helper dies, for whatever reason, the kernel ends every process of the step and drops every mount. The
 * helper dies with this JVM.
 */
public final class OciExecutor implements Executor, AutoCloseable {
    static final long KILL_DEADLINE = TimeUnit.SECONDS.toNanos(20);

    /** A script of that many bytes is sent before anybody reads what the helper says: it need not wait for that to be read. */
    private static final int PIPE = 4096;

    /** For a runtime that has no process of the step, before it or after it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Rung rung;
    private final Host host;
    private final StepFilter filter;
    private final Programs programs;
    private final Path directory;
    private final HelperProcesses helpers;
    private final Duration patience;
    private final @Nullable StepNetworks networks;
    private final StepNetworks.Word word;
    private final AtomicBoolean toldOfLimits = new AtomicBoolean();
    private final StepDirectory.Removal removal;

    private OciExecutor(
            Rung rung,
            Host host,
            StepFilter filter,
            Programs programs,
            Path directory,
            Duration patience,
            @Nullable Networking networking,
            StepDirectory.Removal removal) {
        this.rung = rung;
        this.host = rung.runtime() == null ? host.withoutControlGroups() : host;
        this.filter = rung.runtime() == null ? filter : filter.with(rung.runtime());
        this.programs = programs;
        this.directory = directory;
        this.patience = patience;
        this.helpers = new HelperProcesses(programs, rung);
        // a copied root is too large to let several be there at a time
        this.removal = rung.root() == RootMount.COPY ? LaterRemoval::now : removal;
        this.word = networking == null ? _ -> {} : networking.word();
        // a list of hosts is kept or refused; without one the rung's own words say what the network is
        this.networks = networking == null || (!rung.mounts() && networking.allowed() == null)
                ? null
                : new StepNetworks(
                        tools(programs, helpers), directory, networking.allowed(), networking.upstream(), word);
    }

    /**
     * What the steps' network is like.
     *
     * @param allowed the hosts that may be reached, null for all
     * @param upstream by which proxies those are reached
     * @param word hears that the host's network is used, or that limits are not kept, and why
     */
    public record Networking(@Nullable AllowedHosts allowed, UpstreamProxy upstream, StepNetworks.Word word) {}

    private static Tools tools(Programs programs, HelperProcesses helpers) {
        return new Tools() {
            @Override
            public Optional<Path> find(String program) {
                return programs.find(program);
            }

            @Override
            public Process start(List<String> command) throws InterruptedException {
                return helpers.start(command);
            }
        };
    }

    /**
     * Finds the runtime that works on this host. The first time since the host started this runs a program with each
     * candidate and takes about a tenth of a second; the answer is kept in {@code store}. The caller closes the executor.
     *
     * @param store directory for the kept answer
     * @param directory takes the running steps' small files; the caller's lease makes it go away after a crash
     * @param networking of steps that do not ask for another network; null for the host's
     * @param removal for the files of steps that have ended
     * @throws EnvironmentFault if no runtime works here; the message says what is missing
     */
    public static OciExecutor open(
            Path store, Path directory, Ladder ladder, @Nullable Networking networking, StepDirectory.Removal removal)
            throws InterruptedException {
        Programs programs = new Programs(System.getenv());
        Host host = Host.current().labelled(SelinuxLabels.forStore(store, SelinuxLabels.Places.HOST));
        ControlGroups.sweep();
        StepFilter filter = StepFilter.of(host);
        Rung rung = new RuntimeProbe(programs, host, filter, store, directory, ladder).rung();
        return new OciExecutor(rung, host, filter, programs, directory, PATIENCE, networking, removal);
    }

    /** For one rung, without asking whether it works; steps are on the host's network. */
    static OciExecutor with(
            Rung rung, Host host, StepFilter filter, Programs programs, Path directory, Duration patience) {
        return new OciExecutor(rung, host, filter, programs, directory, patience, null, LaterRemoval::now);
    }

    /** For one runtime, without asking whether it works; steps are on the host's network. */
    static OciExecutor with(OciRuntime runtime, Host host, Programs programs, Path directory) {
        return with(Rung.of(runtime, RootMount.OVERLAY), host, StepFilter.of(host), programs, directory, PATIENCE);
    }

    /** A name for {@link ProcessSpec#id()}. */
    public static String newId() {
        return ControlGroups.newName();
    }

    @Override
    public String name() {
        return rung.label();
    }

    @Override
    public boolean sharesDirectories() {
        return rung.mounts();
    }

    Rung rung() {
        return rung;
    }

    /** What is weaker or slower than on a host that has everything, a sentence; null if nothing is. */
    public @Nullable String weakness() {
        return rung.weakness();
    }

    @Override
    public void expectStep() {
        OciRuntime runtime = rung.runtime();
        if (runtime != null && runtime.kind() == OciRuntime.Kind.CRUN && host.cgroups() != Host.Cgroups.NONE) {
            // runc takes longer to get there than it lasts
            Thread.ofPlatform().name("control-groups").daemon(true).start(ControlGroups::expectMove);
        }
    }

    @Override
    public StepNetwork network(Op.Network wanted) throws InterruptedException {
        return wanted == Op.Network.DEFAULT && networks != null
                ? networks.open(HostResolver.outOfReach())
                : StepNetwork.HOST;
    }

    @Override
    public void forward(int port) throws InterruptedException {
        if (networks != null) {
            networks.forward(port);
        }
    }

    @Override
    public List<String> refusedHosts() {
        return networks == null ? List.of() : networks.refused();
    }

    @Override
    public Exit run(ProcessSpec process, Output output) throws InterruptedException {
        // a runtime follows the links of a root for itself
        ProcessSpec spec = limited(rung.runtime() == null ? ChrootTargets.resolve(process) : process);
        Path own = own(directory, spec.id());
        if (spec.cgroupParent() != null) {
            if (host.cgroups() == Host.Cgroups.NONE) {
                throw new EnvironmentFault("run step: put it below control group " + spec.cgroupParent()
                                + ": this user's steps have no control groups")
                        .hint("Leave out --cgroup-parent, or run as root.");
            }
            ControlGroups.sweepParent(spec);
        }
        StepScript script = script(spec, own);
        try (StepDirectory files = new StepDirectory(own, removal)) {
            files.prepare(script.directories(), script.config());
            CopiedRoot copied = rung.root() == RootMount.COPY ? copy(spec, script) : null;
            FirstWords errors = new FirstWords();
            int code;
            try (PlacedBinds _ = copied == null || rung.mounts() ? null : PlacedBinds.place(spec, own, copied)) {
                Process helper = helpers.take(network(spec.network()).namespace());
                code = follow(helper, script, spec, output, errors);
            }
            if (code != 0 && rung.runtime() != null) {
                ControlGroups.remove(spec); // a runtime that cannot start a process may leave it
            }
            if (!Files.exists(script.started())) {
                throw notStarted(code, errors.text());
            }
            if (copied != null) {
                copied.moveChanges(spec.upper());
            }
            if (rung.root() == RootMount.FUSE) {
                FuseUpper.settle(spec.upper());
            }
            return new Exit(code, errors.text());
        }
    }

    /** Without the limits that nothing here keeps, which is said once. */
    private ProcessSpec limited(ProcessSpec spec) throws InterruptedException {
        boolean none = host.cgroups() == Host.Cgroups.NONE;
        List<String> lost =
                none ? spec.limits().names() : ControlGroups.withoutController(spec.limits(), Host.CGROUP_ROOT);
        if (lost.isEmpty()) {
            return spec;
        }
        if (!toldOfLimits.getAndSet(true)) {
            word.say("RUN steps are not limited (" + String.join(", ", lost) + "): "
                    + (none
                            ? "this user's steps have no control groups"
                            : "this host's control groups have no controller for that"));
        }
        return spec.limited(spec.limits().without(lost));
    }

    /** Without links: scripts compare where they are with where they should be. */
    static Path own(Path directory, String id) {
        try {
            return directory.toRealPath().resolve("run-" + id);
        } catch (IOException e) {
            throw Disk.fault("run step: find " + directory, e);
        }
    }

    private StepScript script(ProcessSpec spec, Path own) {
        OciRuntime runtime = rung.runtime();
        if (runtime != null) {
            return new HelperScript(spec, host, filter, runtime, rung.root(), own);
        }
        return rung.mounts()
                ? new ChrootScript(spec, host, rung, programs, own)
                : new BareScript(spec, host, programs, own);
    }

    private static CopiedRoot copy(ProcessSpec spec, StepScript script) throws InterruptedException {
        for (MountScript.Copy tree : script.copies()) {
            CopiedTree.copy(tree.lowers(), tree.into());
        }
        return CopiedRoot.make(spec.lowers(), script.root());
    }

    private int follow(Process helper, StepScript script, ProcessSpec spec, Output output, FirstWords errors)
            throws InterruptedException {
        OutputPump out = new OutputPump(
                helper.getInputStream(), (bytes, length) -> output.write(BuildEvent.Stream.OUT, bytes, length));
        OutputPump err = new OutputPump(helper.getErrorStream(), (bytes, length) -> {
            errors.add(bytes, length);
            output.write(BuildEvent.Stream.ERR, bytes, length);
        });
        boolean ended = false;
        OciRuntime runtime = rung.runtime();
        Silence silence = runtime == null ? null : Silence.watch(helper, runtime.binary(), patience);
        try {
            byte[] text = script.text().getBytes(StandardCharsets.UTF_8);
            boolean fits = text.length <= PIPE;
            if (fits) {
                send(helper, text);
            }
            out.start(spec.id() + "-stdout");
            err.start(spec.id() + "-stderr");
            if (!fits) {
                send(helper, text);
            }
            int code = helper.waitFor();
            ended = silence == null || !silence.broken();
            if (!ended) {
                out.join();
                err.join();
                throw hung(errors.text());
            }
            return code;
        } finally {
            if (silence != null) {
                silence.end();
            }
            if (!ended) {
                kill(helper, spec);
            }
            out.join();
            err.join();
        }
    }

    /** A helper that dies before it has read all is told apart later, by what it left undone. */
    private static void send(Process helper, byte[] script) {
        try (OutputStream in = helper.getOutputStream()) {
            in.write(script);
        } catch (IOException e) {
            helper.destroyForcibly();
        }
    }

    /**
     * Ends the helper and waits until every process of the step is gone. Killing the helper kills the first process of
     * its namespace, which ends only after all the others in it have.
     */
    private static void kill(Process helper, ProcessSpec process) {
        List<ProcessHandle> children = helper.children().toList();
        helper.destroyForcibly();
        long deadline = System.nanoTime() + KILL_DEADLINE;
        boolean interrupted = false;
        while (helper.isAlive()
                || children.stream().anyMatch(ProcessHandle::isAlive)
                || !ControlGroups.remove(process)) {
            if (System.nanoTime() > deadline) {
                break; // stuck in the kernel; it is dead as soon as the kernel lets go
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private EnvironmentFault hung(String errors) {
        String words =
                errors.isBlank() ? "" : "; its last words: " + errors.strip().replaceAll("\\s*\\n\\s*", ", ");
        return new EnvironmentFault("run step: " + rung.label() + " hangs: for " + patience.toSeconds()
                        + " s it has neither started the command nor ended" + words)
                .hint(
                        "Choose another runtime with DRYDOCK_RUNTIME=runc or DRYDOCK_RUNTIME=crun; `drydock doctor` tries them.");
    }

    private static EnvironmentFault notStarted(int code, String errors) {
        String cause = errors.isBlank() ? "the helper process ended with code " + code : errors.strip();
        return new EnvironmentFault("run step: prepare root file system: " + cause);
    }

    @Override
    public void close() {
        if (networks != null) {
            networks.close();
        }
        helpers.close();
    }
}
