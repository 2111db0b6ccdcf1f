package dev.drydock.oci;

import dev.drydock.oci.ImageConfig.Healthcheck;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.JsonValue.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * {@link ImageConfig} from and to its document. Written bytes are canonical: top-level members in alphabetical order and
 * {@code config}'s in Docker's, as BuildKit's exporter writes them, except that {@code diff_ids} of an image without layers
 * is an empty list and not null.
 */
public final class ImageConfigJson {
    private static final String DOCUMENT = "image config";

    private ImageConfigJson() {}

    /**
     * Reads a document of anyone's making; members that {@link ImageConfig} lacks are passed over.
     *
     * @throws dev.drydock.fault.CorruptData if it is not JSON or a member has the wrong type
     */
    public static ImageConfig read(byte[] document) {
        JsonFields root = JsonFields.read(document, DOCUMENT);
        List<History> history = new ArrayList<>();
        for (JsonFields entry : root.objects("history")) {
            history.add(new History(
                    entry.timeOrNull("created"),
                    entry.filledOrNull("created_by"),
                    entry.filledOrNull("author"),
                    entry.filledOrNull("comment"),
                    entry.flag("empty_layer")));
        }
        return new ImageConfig(
                platform(root),
                root.filledOrNull("author"),
                root.timeOrNull("created"),
                runConfig(root.object("config")),
                history,
                root.object("rootfs").digests("diff_ids"));
    }

    /** The platform members of a config or of a descriptor's {@code platform}, as they stand. */
    static Platform platform(JsonFields fields) {
        return new Platform(
                fields.text("os"),
                fields.text("architecture"),
                fields.filledOrNull("variant"),
                fields.filledOrNull("os.version"));
    }

    private static RunConfig runConfig(JsonFields config) {
        return new RunConfig(
                config.filledOrNull("User"),
                config.names("ExposedPorts"),
                config.strings("Env"),
                config.stringsOrNull("Entrypoint"),
                config.stringsOrNull("Cmd"),
                config.names("Volumes"),
                config.filledOrNull("WorkingDir"),
                config.stringMap("Labels"),
                config.filledOrNull("StopSignal"),
                config.flag("ArgsEscaped"),
                config.strings("OnBuild"),
                healthcheck(config.objectOrNull("Healthcheck")),
                config.stringsOrNull("Shell"));
    }

    private static @Nullable Healthcheck healthcheck(@Nullable JsonFields fields) {
        if (fields == null) {
            return null;
        }
        long retries = fields.number("Retries");
        if (retries != (int) retries) {
            throw fields.corrupt("Retries", "is out of range: " + retries);
        }
        return new Healthcheck(
                fields.strings("Test"),
                Duration.ofNanos(fields.number("Interval")),
                Duration.ofNanos(fields.number("Timeout")),
                Duration.ofNanos(fields.number("StartPeriod")),
                Duration.ofNanos(fields.number("StartInterval")),
                (int) retries);
    }

    /** The canonical bytes: their digest is the image's ID. */
    public static byte[] write(ImageConfig config) {
        Platform platform = config.platform();
        Members root = JsonValue.object()
                .put("architecture", platform.architecture())
                .putUnlessEmpty("author", config.author())
                .put("config", write(config.config()));
        time(root, config.created());
        if (!config.history().isEmpty()) {
            root.put("history", history(config.history()));
        }
        root.put("os", platform.os())
                .putUnlessEmpty("os.version", platform.osVersion())
                .put(
                        "rootfs",
                        JsonValue.object()
                                .put("type", "layers")
                                .put(
                                        "diff_ids",
                                        JsonValue.strings(config.diffIds().stream()
                                                .map(Digest::toString)
                                                .toList()))
                                .build())
                .putUnlessEmpty("variant", platform.variant());
        return root.build().bytes();
    }

    /** The {@code config} member alone, as {@code inspect} shows it. */
    public static JsonValue write(RunConfig config) {
        Members members = JsonValue.object().putUnlessEmpty("User", config.user());
        set(members, "ExposedPorts", config.exposedPorts());
        members.putUnlessEmpty("Env", config.env())
                .putUnlessEmpty("Entrypoint", config.entrypoint())
                .putUnlessEmpty("Cmd", config.cmd());
        set(members, "Volumes", config.volumes());
        members.putUnlessEmpty("WorkingDir", config.workingDir())
                .putUnlessEmpty("Labels", config.labels())
                .putUnlessEmpty("StopSignal", config.stopSignal())
                .putIfTrue("ArgsEscaped", config.argsEscaped());
        Healthcheck check = config.healthcheck();
        if (check != null) {
            members.put(
                    "Healthcheck",
                    JsonValue.object()
                            .putUnlessEmpty("Test", check.test())
                            .putUnlessZero("Interval", check.interval().toNanos())
                            .putUnlessZero("Timeout", check.timeout().toNanos())
                            .putUnlessZero("StartPeriod", check.startPeriod().toNanos())
                            .putUnlessZero(
                                    "StartInterval", check.startInterval().toNanos())
                            .putUnlessZero("Retries", check.retries())
                            .build());
        }
        return members.putUnlessEmpty("OnBuild", config.onBuild())
                .putUnlessEmpty("Shell", config.shell())
                .build();
    }

    private static void set(Members members, String name, SortedSet<String> keys) {
        if (!keys.isEmpty()) {
            Members inner = JsonValue.object();
            for (String key : keys) {
                inner.put(key, JsonValue.object().build());
            }
            members.put(name, inner.build());
        }
    }

    private static JsonValue history(List<History> history) {
        List<JsonValue> entries = new ArrayList<>();
        for (History entry : history) {
            Members members = JsonValue.object();
            time(members, entry.created());
            entries.add(members.putUnlessEmpty("created_by", entry.createdBy())
                    .putUnlessEmpty("author", entry.author())
                    .putUnlessEmpty("comment", entry.comment())
                    .putIfTrue("empty_layer", entry.emptyLayer())
                    .build());
        }
        return JsonValue.array(entries);
    }

    private static void time(Members members, @Nullable Instant created) {
        if (created != null) {
            members.put("created", Rfc3339.format(created));
        }
    }
}
