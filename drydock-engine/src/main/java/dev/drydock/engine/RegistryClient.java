package dev.drydock.engine;

import dev.drydock.registry.DockerConfig;
import dev.drydock.registry.Registries;
import dev.drydock.registry.RegistrySettings;
import org.jspecify.annotations.Nullable;

/** The way to registries, opened when first needed: most commands do without. */
final class RegistryClient implements AutoCloseable {
    private final RegistryAccess access;
    private @Nullable Registries registries; // by this

    RegistryClient(RegistryAccess access) {
        this.access = access;
    }

    /** The registries; they are closed with this. */
    synchronized Registries open() {
        if (registries == null) {
            registries = new Registries(
                    RegistrySettings.load(access.environment(), access.home(), access.insecure()), config());
        }
        return registries;
    }

    DockerConfig config() {
        return new DockerConfig(access.environment(), access.home());
    }

    @Override
    public synchronized void close() {
        if (registries != null) {
            registries.close();
            registries = null;
        }
    }
}
