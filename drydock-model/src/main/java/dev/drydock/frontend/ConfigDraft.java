package dev.drydock.frontend;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.Healthcheck;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An image's config while the instructions of a stage change it. */
final class ConfigDraft {
    private static final String EXPORTED = "buildkit.exporter.image.v0";
    private static final String COMMENT = "buildkit.dockerfile.v0";
    private static final String DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
    private static final List<String> WINDOWS_SHELL = List.of("cmd", "/S", "/C");

    @Nullable
    String author;

    @Nullable
    String user;

    final SortedSet<String> exposedPorts;
    final List<String> env;

    @Nullable
    List<String> entrypoint;

    @Nullable
    List<String> cmd;

    final SortedSet<String> volumes;

    @Nullable
    String workingDir;

    final SortedMap<String, String> labels;

    @Nullable
    String stopSignal;

    boolean argsEscaped;
    final List<String> onBuild = new ArrayList<>();

    @Nullable
    Healthcheck healthcheck;

    @Nullable
    List<String> shell;

    private final Platform platform;
    private final @Nullable Instant epoch;
    private final List<History> history;
    private final List<Digest> diffIds;

    /** {@code epoch} is when new history was made, null to leave that open. */
    ConfigDraft(ImageConfig base, Platform platform, @Nullable Instant epoch) {
        RunConfig from = base.config();
        this.platform = platform;
        this.epoch = epoch;
        this.author = base.author();
        this.user = from.user();
        this.exposedPorts = new TreeSet<>(from.exposedPorts());
        this.env = new ArrayList<>(from.env());
        this.entrypoint = from.entrypoint();
        this.cmd = from.cmd();
        this.volumes = new TreeSet<>(from.volumes());
        this.workingDir = from.workingDir();
        this.labels = new TreeMap<>(from.labels());
        this.stopSignal = from.stopSignal();
        this.argsEscaped = from.argsEscaped();
        this.healthcheck = from.healthcheck();
        this.shell = from.shell();
        this.history = new ArrayList<>(base.history());
        this.diffIds = base.diffIds();
        if (!platform.os().equals("windows") && !from.envMap().containsKey("PATH")) {
            env.add(DEFAULT_PATH);
        }
    }

    /** What {@code FROM scratch} starts with. */
    static ImageConfig scratch(Platform platform) {
        RunConfig none = RunConfig.EMPTY;
        RunConfig config = new RunConfig(
                none.user(),
                none.exposedPorts(),
                none.env(),
                none.entrypoint(),
                none.cmd(),
                none.volumes(),
                "/",
                none.labels(),
                none.stopSignal(),
                none.argsEscaped(),
                none.onBuild(),
                none.healthcheck(),
                none.shell());
        return new ImageConfig(platform, null, null, config, List.of(), List.of());
    }

    /** Sets a variable where it stands, or at the end. */
    void setEnv(String key, String value) {
        String entry = key + "=" + value;
        for (int i = 0; i < env.size(); i++) {
            if (env.get(i).startsWith(key + "=") || env.get(i).equals(key)) {
                env.set(i, entry);
                return;
            }
        }
        env.add(entry);
    }

    /** The directory that relative paths start from. */
    String directory() {
        return workingDir == null ? "/" : UnixPath.resolve("/", workingDir);
    }

    /** {@code text} as an argument of the shell in effect. */
    List<String> inShell(String text) {
        List<String> args = new ArrayList<>();
        if (shell != null && !shell.isEmpty()) {
            args.addAll(shell);
        } else {
            args.addAll(platform.os().equals("windows") ? WINDOWS_SHELL : DEFAULT_SHELL);
        }
        args.add(text);
        return args;
    }

    /** History of an instruction that made a layer. */
    void layer(String createdBy) {
        history.add(new History(epoch, createdBy, null, COMMENT, false));
    }

    /** History of a layer that no instruction made. */
    void untoldLayer() {
        history.add(new History(epoch, null, null, EXPORTED, false));
    }

    /** History of an instruction that changed only the config. */
    void metadata(String createdBy) {
        history.add(new History(epoch, createdBy, null, COMMENT, true));
    }

    ImageConfig config() {
        RunConfig config = new RunConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                cmd,
                volumes,
                workingDir,
                labels,
                stopSignal,
                argsEscaped,
                onBuild,
                healthcheck,
                shell);
        return new ImageConfig(platform, author, epoch, config, history, diffIds);
    }
}
