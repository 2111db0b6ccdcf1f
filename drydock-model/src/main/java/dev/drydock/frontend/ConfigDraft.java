package dev.drydock.frontend;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.Healthcheck;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
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
    private final List<String> env;
    /** Where each variable stands first. */
    private final Map<String, Integer> positions;

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
        this.positions = new HashMap<>();
        for (int i = 0; i < env.size(); i++) {
            positions.putIfAbsent(name(env.get(i)), i);
        }
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
        if (!platform.os().equals("windows") && !positions.containsKey("PATH")) {
            add("PATH", DEFAULT_PATH);
        }
    }

    /**
     * What a stage starts with that stands on another.
     *
     * @param last whether nobody looks at the other again: what is large is then taken over and not copied, so that many
     *     stages on top of each other cost no more than one
     */
    private ConfigDraft(ConfigDraft from, boolean last) {
        this.platform = from.platform;
        this.epoch = from.epoch;
        this.author = from.author;
        this.user = from.user;
        this.exposedPorts = last ? from.exposedPorts : new TreeSet<>(from.exposedPorts);
        this.env = last ? from.env : new ArrayList<>(from.env);
        this.positions = last ? from.positions : new HashMap<>(from.positions);
        this.entrypoint = from.entrypoint;
        this.cmd = from.cmd;
        this.volumes = last ? from.volumes : new TreeSet<>(from.volumes);
        this.workingDir = from.workingDir;
        this.labels = last ? from.labels : new TreeMap<>(from.labels);
        this.stopSignal = from.stopSignal;
        this.argsEscaped = from.argsEscaped;
        this.healthcheck = from.healthcheck;
        this.shell = from.shell;
        this.history = last ? from.history : new ArrayList<>(from.history);
        this.diffIds = from.diffIds;
    }

    /** The draft of a stage that starts from this one's; {@code last} if this one is not used again. */
    ConfigDraft child(boolean last) {
        return new ConfigDraft(this, last);
    }

    private static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private void add(String key, String entry) {
        positions.put(key, env.size());
        env.add(entry);
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
        Integer at = positions.get(key);
        if (at == null) {
            add(key, entry);
        } else {
            env.set(at, entry);
        }
    }

    /** Whether the image has a variable of that name. */
    boolean hasEnv(String key) {
        return positions.containsKey(key);
    }

    /** Sets all variables of the image, after what is there already. */
    void allEnv(SequencedMap<String, String> variables) {
        env.forEach(entry -> variables.putLast(name(entry), value(entry)));
    }

    private static String value(String entry) {
        return entry.substring(Math.min(entry.length(), name(entry).length() + 1));
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
