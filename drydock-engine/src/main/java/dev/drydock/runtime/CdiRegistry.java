package dev.drydock.runtime;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The devices that this host describes by the Container Device Interface: files in JSON or YAML. A name is {@code
 * vendor.com/class=device}; of two descriptions of one name the later directory's counts.
 */
public final class CdiRegistry {
    private static final String CLASS = "org.mobyproject.buildkit.device.class";
    private static final String AUTO_ALLOW = "org.mobyproject.buildkit.device.autoallow";
    private static final List<Path> PLACES =
            List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi"), Path.of("/etc/buildkit/cdi"));

    private final Map<String, Described> devices = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();

    private record Described(JsonValue.Obj file, JsonValue.Obj device) {
        @Nullable
        String annotation(String name) {
            String own = text(object(device, "annotations"), name);
            return own == null ? text(object(file, "annotations"), name) : own;
        }
    }

    private CdiRegistry() {}

    /** Reads the descriptions: of the usual places, or of those in {@code DRYDOCK_CDI_SPEC_DIRS}, with colons between. */
    public static CdiRegistry of(Map<String, String> environment) {
        String places = environment.getOrDefault("DRYDOCK_CDI_SPEC_DIRS", "");
        CdiRegistry registry = new CdiRegistry();
        if (places.isEmpty()) {
            PLACES.forEach(registry::read);
        } else {
            for (String place : places.split(":", -1)) {
                registry.read(Path.of(place));
            }
        }
        return registry;
    }

    private void read(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{json,yaml,yml}")) {
            for (Path file : files) {
                add(file);
            }
        } catch (IOException e) {
            return; // no such place
        }
    }

    private void add(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonValue value = file.toString().endsWith(".json")
                    ? JsonValue.parse(bytes)
                    : CdiYaml.parse(file.toString(), new String(bytes, StandardCharsets.UTF_8));
            if (value instanceof JsonValue.Obj spec && text(spec, "kind") != null) {
                for (JsonValue.Obj device : objects(spec, "devices")) {
                    devices.put(text(spec, "kind") + "=" + text(device, "name"), new Described(spec, device));
                }
            }
        } catch (IOException | UserFault | CorruptData e) {
            unreadable.add(file + ": " + e.getMessage());
        }
    }

    /** Descriptions that could not be read, and why. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** All names. */
    public List<String> names() {
        return List.copyOf(devices.keySet());
    }

    /**
     * The devices that a wish means: {@code vendor/class=name}, {@code vendor/class} for the first of them, {@code
     * vendor/class=*} for all, or a class that descriptions name.
     */
    public List<String> find(String wanted) {
        int equals = wanted.indexOf('=');
        String kind = equals < 0 ? wanted : wanted.substring(0, equals);
        String name = equals < 0 ? "" : wanted.substring(equals + 1);
        List<String> found = new ArrayList<>();
        if (kind.indexOf('/') > 0) {
            List<String> ofKind = devices.keySet().stream()
                    .filter(each -> each.startsWith(kind + "="))
                    .toList();
            switch (name) {
                case "" -> ofKind.stream().findFirst().ifPresent(found::add);
                case "*" -> found.addAll(ofKind);
                default -> ofKind.stream().filter(wanted::equals).forEach(found::add);
            }
        }
        if (found.isEmpty()) {
            devices.forEach((each, described) -> {
                if (wanted.equals(described.annotation(CLASS))) {
                    found.add(each);
                }
            });
        }
        return found;
    }

    /** Whether the host lets every build have a device. */
    public boolean isFree(String device) {
        Described described = devices.get(device);
        return described != null
                && Set.of("true", "1", "t", "T", "TRUE", "True")
                        .contains(String.valueOf(described.annotation(AUTO_ALLOW)));
    }

    /**
     * What devices change together; what a description says of all its devices counts once.
     *
     * @throws UserFault if a device file is not there
     */
    public DeviceEdits edits(List<String> names) {
        DeviceEdits edits = DeviceEdits.NONE;
        Set<JsonValue.Obj> files = new LinkedHashSet<>();
        for (String name : names) {
            Described described = devices.get(name);
            if (described != null) {
                if (files.add(described.file())) {
                    edits = edits.and(edits(name, object(described.file(), "containerEdits")));
                }
                edits = edits.and(edits(name, object(described.device(), "containerEdits")));
            }
        }
        return edits;
    }

    private static DeviceEdits edits(String name, JsonValue.Obj edits) {
        List<DeviceEdits.Node> nodes = new ArrayList<>();
        for (JsonValue.Obj node : objects(edits, "deviceNodes")) {
            nodes.add(CdiNode.of(name, node));
        }
        List<ProcessSpec.Bind> binds = new ArrayList<>();
        for (JsonValue.Obj mount : objects(edits, "mounts")) {
            String dest = String.valueOf(text(mount, "containerPath"));
            boolean memory = "tmpfs".equals(text(mount, "type"));
            binds.add(
                    memory
                            ? new ProcessSpec.Bind.Tmpfs(dest, 0)
                            : new ProcessSpec.Bind.HostPath(
                                    dest,
                                    Path.of(String.valueOf(text(mount, "hostPath"))),
                                    strings(mount, "options").contains("ro")));
        }
        List<DeviceEdits.Hook> hooks = new ArrayList<>();
        for (JsonValue.Obj hook : objects(edits, "hooks")) {
            Map<String, JsonValue> program = new LinkedHashMap<>(hook.members());
            program.remove("hookName");
            hooks.add(new DeviceEdits.Hook(String.valueOf(text(hook, "hookName")), new JsonValue.Obj(program)));
        }
        List<Integer> groups = new ArrayList<>();
        if (edits.get("additionalGids") instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Num(String number)) {
                    groups.add(Integer.parseUnsignedInt(number));
                }
            }
        }
        return new DeviceEdits(strings(edits, "env"), nodes, binds, groups, hooks);
    }

    static JsonValue.Obj object(JsonValue.Obj of, String name) {
        return of.get(name) instanceof JsonValue.Obj inner
                ? inner
                : JsonValue.object().build();
    }

    /** A string, or anything else as it is written; null if it is not there. */
    static @Nullable String text(JsonValue.Obj of, String name) {
        return switch (of.get(name)) {
            case JsonValue.Text(String value) -> value;
            case JsonValue.Num(String literal) -> literal;
            case JsonValue.Bool(boolean value) -> Boolean.toString(value);
            case null, default -> null;
        };
    }

    static Optional<Integer> number(JsonValue.Obj of, String name) {
        return of.get(name) instanceof JsonValue.Num(String literal)
                ? Optional.of(Integer.parseUnsignedInt(literal))
                : Optional.empty();
    }

    private static List<JsonValue.Obj> objects(JsonValue.Obj of, String name) {
        List<JsonValue.Obj> all = new ArrayList<>();
        if (of.get(name) instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Obj object) {
                    all.add(object);
                }
            }
        }
        return all;
    }

    private static List<String> strings(JsonValue.Obj of, String name) {
        List<String> all = new ArrayList<>();
        if (of.get(name) instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Text(String value)) {
                    all.add(value);
                }
            }
        }
        return all;
    }
}
