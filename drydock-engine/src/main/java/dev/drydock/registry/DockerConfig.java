package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Credentials as Docker's command keeps them: {@code config.json} in {@code ~/.docker} or {@code DOCKER_CONFIG}, the
 * helpers it names, and {@code DOCKER_AUTH_CONFIG}, which is looked at first. What the file holds beside credentials is
 * kept as it is.
 */
public final class DockerConfig {
    /** Begins the name of a file that is not whole yet; the process that writes it follows. */
    private static final String UNFINISHED = ".drydock-config-";

    /** What Docker Hub is called in the file. */
    public static final String HUB = "https://index.docker.io/v1/";

    private final Path file;
    private final Map<String, String> environment;

    public DockerConfig(Map<String, String> environment, Path home) {
        String directory = environment.get("DOCKER_CONFIG");
        this.file = (directory == null || directory.isEmpty() ? home.resolve(".docker") : Path.of(directory))
                .resolve("config.json");
        this.environment = Map.copyOf(environment);
    }

    /** Where credentials without a helper stand. */
    public Path file() {
        return file;
    }

    /** The key of a registry in the file: its host, but for Docker Hub. */
    public static String keyOf(String registryHost) {
        return switch (registryHost) {
            case "docker.io", "index.docker.io", "registry-1.docker.io" -> HUB;
            default -> registryHost;
        };
    }

    /** The credentials for a registry; empty when there are none. */
    public Optional<Credential> find(String registryHost) throws InterruptedException {
        String key = keyOf(registryHost);
        String given = environment.get("DOCKER_AUTH_CONFIG");
        if (given != null && !given.isBlank()) {
            Optional<Credential> found =
                    inAuths(parse("DOCKER_AUTH_CONFIG", given.getBytes(StandardCharsets.UTF_8)), key);
            if (found.isPresent()) {
                return found;
            }
        }
        JsonValue.Obj config = read();
        String helper = helper(config, key);
        return helper != null ? new CredentialHelper(helper, environment).get(key) : inAuths(config, key);
    }

    /** The helper in charge of a registry, null when the file itself is. */
    private static @Nullable String helper(JsonValue.Obj config, String key) {
        if (config.get("credHelpers") instanceof JsonValue.Obj helpers) {
            for (String each : spellings(key)) {
                if (helpers.get(each) instanceof JsonValue.Text(String name) && !name.isEmpty()) {
                    return name;
                }
            }
        }
        return config.get("credsStore") instanceof JsonValue.Text(String name) && !name.isEmpty() ? name : null;
    }

    /** The ways in which tools have written a registry's key. */
    private static List<String> spellings(String key) {
        String host = host(key);
        List<String> spellings = new ArrayList<>(List.of(key, host, "https://" + host, "http://" + host));
        if (key.equals(HUB)) {
            spellings.add("docker.io");
        }
        return spellings;
    }

    private static String host(String key) {
        String rest = key.substring(key.indexOf("://") < 0 ? 0 : key.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private static Optional<Credential> inAuths(JsonValue.Obj config, String key) {
        if (!(config.get("auths") instanceof JsonValue.Obj auths)) {
            return Optional.empty();
        }
        for (String each : spellings(key)) {
            if (auths.get(each) instanceof JsonValue.Obj entry) {
                return credential(key, entry);
            }
        }
        for (Map.Entry<String, JsonValue> each : auths.members().entrySet()) {
            if (host(each.getKey()).equals(host(key)) && each.getValue() instanceof JsonValue.Obj entry) {
                return credential(key, entry);
            }
        }
        return Optional.empty();
    }

    private static Optional<Credential> credential(String key, JsonValue.Obj entry) {
        String registryToken = text(entry, "registrytoken");
        if (!registryToken.isEmpty()) {
            return Optional.of(new Credential.RegistryToken(registryToken));
        }
        String identityToken = text(entry, "identitytoken");
        if (!identityToken.isEmpty()) {
            return Optional.of(new Credential.IdentityToken(identityToken));
        }
        String auth = text(entry, "auth");
        if (auth.isEmpty()) {
            String user = text(entry, "username");
            return user.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Credential.Password(user, text(entry, "password")));
        }
        try {
            String decoded = new String(Base64.getMimeDecoder().decode(auth), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon > 0) {
                String secret = decoded.substring(colon + 1);
                int zero = secret.indexOf('\0');
                return Optional.of(new Credential.Password(
                        decoded.substring(0, colon), zero < 0 ? secret : secret.substring(0, zero)));
            }
        } catch (IllegalArgumentException notBase64) {
            // said below, without the text
        }
        throw new UserFault("read credentials of " + key + ": the auth member is no base64 of USER:PASSWORD")
                .hint("Log in again: drydock login " + (key.equals(HUB) ? "" : key));
    }

    private static String text(JsonValue.Obj entry, String name) {
        return entry.get(name) instanceof JsonValue.Text(String text) ? text : "";
    }

    /** Where {@link #store} put a credential. */
    public enum Kept {
        IN_HELPER,
        IN_FILE
    }

    /** Keeps the credentials of a registry, in its helper where one is named. */
    public Kept store(String registryHost, Credential credential) throws InterruptedException {
        String key = keyOf(registryHost);
        JsonValue.Obj config = read();
        String helper = helper(config, key);
        JsonValue.Members entry = JsonValue.object();
        if (helper != null) {
            new CredentialHelper(helper, environment).store(key, credential);
        } else {
            switch (credential) {
                case Credential.Password(String user, String secret) ->
                    entry.put(
                            "auth",
                            Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)));
                case Credential.IdentityToken(String token) -> entry.put("identitytoken", token);
                case Credential.RegistryToken(String token) -> entry.put("registrytoken", token);
                case Credential.Anonymous _ -> throw new IllegalArgumentException("nothing to keep");
            }
        }
        Map<String, JsonValue> auths = auths(config);
        auths.put(key, entry.build());
        write(config, auths);
        return helper != null ? Kept.IN_HELPER : Kept.IN_FILE;
    }

    /** Forgets the credentials of a registry, under every spelling of its key. */
    public void erase(String registryHost) throws InterruptedException {
        String key = keyOf(registryHost);
        JsonValue.Obj config = read();
        String helper = helper(config, key);
        if (helper != null) {
            new CredentialHelper(helper, environment).erase(key);
        }
        Map<String, JsonValue> auths = auths(config);
        if (auths.keySet().removeAll(spellings(key))) {
            write(config, auths);
        }
    }

    private static Map<String, JsonValue> auths(JsonValue.Obj config) {
        return new LinkedHashMap<>(
                config.get("auths") instanceof JsonValue.Obj(Map<String, JsonValue> members) ? members : Map.of());
    }

    private JsonValue.Obj read() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length == 0 ? new JsonValue.Obj(Map.of()) : parse(file.toString(), bytes);
        } catch (NoSuchFileException e) {
            return new JsonValue.Obj(Map.of());
        } catch (IOException e) {
            throw new EnvironmentFault("read " + file + ": " + e.getMessage(), e);
        }
    }

    private static JsonValue.Obj parse(String what, byte[] bytes) {
        try {
            if (JsonValue.parse(bytes) instanceof JsonValue.Obj object) {
                return object;
            }
        } catch (CorruptData e) {
            // said below: a parser's message may quote the text
        }
        throw new UserFault("read credentials: " + what + " is no JSON object")
                .hint("Mend it, or move it away and log in again.");
    }

    private void write(JsonValue.Obj config, Map<String, JsonValue> auths) {
        Map<String, JsonValue> members = new LinkedHashMap<>(config.members());
        members.put("auths", new JsonValue.Obj(auths));
        String text = withTabs(new JsonValue.Obj(members).indented(1));
        try {
            // Through a link, as people link it from elsewhere.
            Path real = Files.exists(file) ? file.toRealPath() : file;
            Path directory = real.toAbsolutePath().getParent();
            if (directory == null) {
                throw new IOException("it has no directory");
            }
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            sweep(directory);
            Path part = Files.createTempFile(
                    directory, UNFINISHED + ProcessHandle.current().pid() + "-", ""); // with mode 0600
            try {
                Files.writeString(part, text);
                Files.move(part, real, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new EnvironmentFault("write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Credentials that a killed process had written beside the file do not stay there. */
    private static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
            for (Path each : all) {
                String[] words = String.valueOf(each.getFileName())
                        .substring(UNFINISHED.length())
                        .split("-", 2);
                if (words[0].matches("[0-9]{1,10}")
                        && ProcessHandle.of(Long.parseLong(words[0])).isEmpty()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** Docker indents by tabs. A JSON text has no newline inside a string, so blanks at a line's start are indentation. */
    private static String withTabs(String text) {
        StringBuilder tabs = new StringBuilder();
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            tabs.append(start && c == ' ' ? '\t' : c);
            start = c == '\n' || (start && c == ' ');
        }
        return tabs.toString();
    }
}
