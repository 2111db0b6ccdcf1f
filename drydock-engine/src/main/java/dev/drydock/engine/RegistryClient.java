package dev.drydock.engine;

import dev.drydock.registry.DockerConfig;
import dev.drydock.registry.Registries;
import dev.drydock.registry.RegistrySettings;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way to registries, opened when first needed: most commands do without. */
final class RegistryClient implements AutoCloseable {
    private final RegistryAccess access;
    private final Map<String, RegistryClient> plain = new HashMap<>(); // by this
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

    /** The same without TLS for a host; closed with this. */
    synchronized RegistryClient withoutTls(String host) {
        RegistryClient known = plain.get(host);
        if (known == null) {
            Set<String> insecure = new LinkedHashSet<>(access.insecure());
            insecure.add(host);
            known = new RegistryClient(new RegistryAccess(access.environment(), access.home(), insecure));
            plain.put(host, known);
        }
        return known;
    }

    DockerConfig config() {
        return new DockerConfig(access.environment(), access.home());
    }

    @Override
    public synchronized void close() {
        plain.values().forEach(RegistryClient::close);
        plain.clear();
        if (registries != null) {
            registries.close();
            registries = null;
        }
    }
}
