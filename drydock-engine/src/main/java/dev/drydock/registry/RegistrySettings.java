package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached: the file {@code registries.json}, and what the environment and flags add to it.
 *
 * <pre>{@code
 * {
 *   "registries": {
 *     "docker.io": {"mirrors": ["https://mirror.example.com", "localhost:5000/hub"]},
 *     "quay.io": {"location": "registry.example.com/quay"},
 *     "registry.example.com:5000": {"ca": "/etc/corp/ca.crt", "cert": "me.cert", "key": "me.key"},
 *     "build-cache:5000": {"insecure": true}
 *   }
 * }
 * }</pre>
 *
 * @param hosts by registry host with its port, as image names have it
 * @param insecure hosts that may be reached without TLS, or with a certificate that nobody vouches for
 * @param certificates directories in the layout of {@code /etc/docker/certs.d}: one directory per host
 * @param environment of the process: proxies and the system's CA bundle are looked up in it
 */
public record RegistrySettings(
        Map<String, Host> hosts, Set<String> insecure, List<Path> certificates, Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public RegistrySettings {
        hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
        insecure = Collections.unmodifiableSet(new LinkedHashSet<>(insecure));
        certificates = List.copyOf(certificates);
        environment = Map.copyOf(environment);
    }

    /**
     * One registry.
     *
     * @param location where it really is, in the form of a mirror's address; null if it is where its name says
     * @param mirrors asked before it, in order: {@code [http[s]://]host[:port][/prefix]}
     * @param ca a file of certificates to trust for it, PEM
     * @param certificate the client's certificate, PEM, with its {@code key}
     */
    public record Host(
            @Nullable String location,
            List<String> mirrors,
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key) {
        static final Host PLAIN = new Host(null, List.of(), null, null, null);

        public Host {
            mirrors = List.copyOf(mirrors);
        }
    }

    /** What hosts that are not named have. */
    Host host(String name) {
        return hosts.getOrDefault(name, Host.PLAIN);
    }

    boolean isInsecure(String host) {
        return insecure.contains(host);
    }

    /**
     * Reads the settings file and the environment: {@code DRYDOCK_REGISTRIES} names the file, otherwise it is
     * {@code drydock/registries.json} in the user's configuration directory, else in {@code /etc}.
     * {@code DRYDOCK_MIRRORS} (for Docker Hub) and {@code DRYDOCK_INSECURE_REGISTRIES} are lists with commas.
     *
     * @param insecure hosts that flags allow, beside those
     * @throws UserFault if the file says something that makes no sense
     */
    public static RegistrySettings load(Map<String, String> environment, Path home, Set<String> insecure) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        Set<String> loose = new LinkedHashSet<>(insecure);
        Path file = file(environment, home);
        if (file != null) {
            read(file, hosts, loose);
        }
        loose.addAll(list(environment.get("DRYDOCK_INSECURE_REGISTRIES")));
        List<String> mirrors = list(environment.get("DRYDOCK_MIRRORS"));
        if (!mirrors.isEmpty()) {
            Host hub = hosts.getOrDefault(Registries.HUB, Host.PLAIN);
            List<String> all = new ArrayList<>(mirrors);
            all.addAll(hub.mirrors());
            hosts.put(Registries.HUB, new Host(hub.location(), all, hub.ca(), hub.certificate(), hub.key()));
        }
        List<Path> certificates = List.of(
                home.resolve(".docker/certs.d"), Path.of("/etc/docker/certs.d"), Path.of("/etc/containers/certs.d"));
        return new RegistrySettings(hosts, loose, certificates, environment);
    }

    /** How long a transfer may stand still before it is broken off and tried again. */
    Duration patience() {
        String text = environment.getOrDefault("DRYDOCK_STALL_TIMEOUT", "");
        if (text.isEmpty()) {
            return PATIENCE;
        }
        if (!text.matches("[1-9]\\d{0,4}")) {
            throw new UserFault("read DRYDOCK_STALL_TIMEOUT: \"" + text + "\" is no number of seconds");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    /** In what parts blobs are sent while they are made. */
    UploadParts parts() {
        return UploadParts.of(environment.getOrDefault("DRYDOCK_UPLOAD_PART", ""));
    }

    private static List<String> list(@Nullable String text) {
        List<String> items = new ArrayList<>();
        for (String item : text == null ? new String[0] : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private static @Nullable Path file(Map<String, String> environment, Path home) {
        String named = environment.get("DRYDOCK_REGISTRIES");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        String configured = environment.get("XDG_CONFIG_HOME");
        Path own = configured == null || configured.isEmpty() ? home.resolve(".config") : Path.of(configured);
        for (Path candidate : List.of(own, Path.of("/etc"))) {
            Path file = candidate.resolve("drydock/registries.json");
            if (Files.exists(file)) {
                return file;
            }
        }
        return null;
    }

    private static void read(Path file, Map<String, Host> hosts, Set<String> insecure) {
        JsonValue document;
        try {
            document = JsonValue.parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new UserFault("read " + file + ": no such file", e)
                    .hint("DRYDOCK_REGISTRIES names it: write it, or unset the variable.");
        } catch (IOException e) {
            throw new UserFault("read " + file + ": " + e.getMessage(), e);
        } catch (CorruptData e) {
            throw new UserFault("read " + file + ": " + e.text(), e);
        }
        JsonValue.Obj root = object(file, "the document", document);
        onlyKnown(file, "", root, Set.of("registries"));
        JsonValue registries = root.get("registries");
        if (registries == null) {
            return;
        }
        object(file, "registries", registries).members().forEach((name, value) -> {
            String at = "registries." + name;
            JsonValue.Obj members = object(file, at, value);
            onlyKnown(file, at, members, Set.of("location", "mirrors", "insecure", "ca", "cert", "key"));
            List<String> mirrors = new ArrayList<>();
            switch (members.get("mirrors")) {
                case null -> {}
                case JsonValue.Arr(List<JsonValue> items) -> {
                    for (JsonValue item : items) {
                        mirrors.add(text(file, at + ".mirrors", item));
                    }
                }
                case JsonValue _ -> throw wrong(file, at + ".mirrors", "a list of addresses");
            }
            switch (members.get("insecure")) {
                case null -> {}
                case JsonValue.Bool(boolean is) -> {
                    if (is) {
                        insecure.add(name);
                    }
                }
                case JsonValue _ -> throw wrong(file, at + ".insecure", "true or false");
            }
            JsonValue location = members.get("location");
            hosts.put(
                    name,
                    new Host(
                            location == null ? null : text(file, at + ".location", location),
                            mirrors,
                            path(file, at, members, "ca"),
                            path(file, at, members, "cert"),
                            path(file, at, members, "key")));
        });
    }

    private static @Nullable Path path(Path file, String at, JsonValue.Obj members, String name) {
        JsonValue value = members.get(name);
        return value == null ? null : file.resolveSibling(text(file, at + "." + name, value));
    }

    private static JsonValue.Obj object(Path file, String at, JsonValue value) {
        if (value instanceof JsonValue.Obj object) {
            return object;
        }
        throw wrong(file, at, "an object");
    }

    private static String text(Path file, String at, JsonValue value) {
        if (value instanceof JsonValue.Text(String text)) {
            return text;
        }
        throw wrong(file, at, "a string");
    }

    /** A misspelt word must not silently leave a registry without its CA. */
    private static void onlyKnown(Path file, String at, JsonValue.Obj object, Set<String> known) {
        for (String name : object.members().keySet()) {
            if (!known.contains(name)) {
                throw new UserFault("read " + file + ": " + (at.isEmpty() ? "" : at + ".") + name + " is no setting")
                        .hint("Settings here are "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
            }
        }
    }

    private static UserFault wrong(Path file, String at, String wanted) {
        return new UserFault("read " + file + ": " + at + " must be " + wanted);
    }
}
