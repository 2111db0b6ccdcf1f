package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.registry.Credential;
import dev.drydock.registry.DockerConfig;
import dev.drydock.registry.Registries;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code login} and {@code logout}: credentials, tried at their registry before they are kept. */
public final class Login implements AutoCloseable {
    private final RegistryClient client;

    private Login(RegistryClient client) {
        this.client = client;
    }

    /** The caller closes it. */
    public static Login open(RegistryAccess access) {
        return new Login(new RegistryClient(access));
    }

    /** Where credentials went. */
    public sealed interface Kept {
        /** To a credential helper. */
        record InHelper() implements Kept {}

        /** To Docker's file, where anybody who may read it can read them. */
        record InFile(Path file) implements Kept {}
    }

    /** The registry that a server's name on the command line means: host and port. */
    public static String host(@Nullable String server) {
        if (server == null || server.isEmpty()) {
            return Registries.HUB;
        }
        String rest = server.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        if (host.isEmpty()) {
            throw new UserFault("login: \"" + server + "\" names no server");
        }
        return host.equals("index.docker.io") ? Registries.HUB : host;
    }

    /** What the registry is called in Docker's file. */
    public static String key(String host) {
        return DockerConfig.keyOf(host);
    }

    /** Whose credentials are known for a registry; empty when there are none, or they are of nobody in particular. */
    public Optional<String> user(String host) throws InterruptedException {
        return client.config()
                .find(host)
                .map(credential -> credential instanceof Credential.Password(String user, String _) ? user : "");
    }

    /** Tries the credentials that are known. */
    public void again(String host) throws InterruptedException {
        client.open().check(host, client.config().find(host).orElseGet(Credential.Anonymous::new));
    }

    /**
     * Tries a user and a password and keeps them, or the identity token that the registry gives in their place.
     *
     * @throws dev.drydock.fault.RemoteFault if the registry refuses them; then nothing is kept
     */
    public Kept login(String host, String user, String password) throws InterruptedException {
        Credential credential = client.open().check(host, new Credential.Password(user, password));
        DockerConfig config = client.config();
        return switch (config.store(host, credential)) {
            case IN_HELPER -> new Kept.InHelper();
            case IN_FILE -> new Kept.InFile(config.file());
        };
    }

    /** Forgets the credentials of a registry; nothing happens if there are none. */
    public void logout(String host) throws InterruptedException {
        client.config().erase(host);
    }

    @Override
    public void close() {
        client.close();
    }
}
