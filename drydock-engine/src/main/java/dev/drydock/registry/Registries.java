package dev.drydock.registry;

import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to every registry. Opening it costs nothing; connections, tokens and what was found out about a host are kept
 * until it is closed. Safe for several threads. The caller closes it.
 */
public final class Registries implements AutoCloseable {
    /** What image names call Docker's own registry. */
    public static final String HUB = "docker.io";

    private static final String HUB_HOST = "registry-1.docker.io";

    private final RegistrySettings settings;
    private final DockerConfig config;
    private final Retries retries;
    private final Redactor redactor = new Redactor();
    private final Faults faults = new Faults(redactor);
    private final Tls tls;
    private final Proxies proxies;
    private final Map<Endpoint.Address, Endpoint> endpoints = new HashMap<>(); // by this
    private @Nullable Transport transport; // by this

    public Registries(RegistrySettings settings, DockerConfig config) {
        this(settings, config, Retries.real());
    }

    Registries(RegistrySettings settings, DockerConfig config, Retries retries) {
        this.settings = settings;
        this.config = config;
        this.retries = retries;
        this.tls = new Tls(settings);
        this.proxies = Proxies.of(settings.environment());
    }

    /** The repository that a name is in; the name's tag or digest is what {@link Repository#find} looks for. */
    public Repository repository(ImageRef name) {
        List<Endpoint> places = new ArrayList<>();
        for (String mirror : settings.host(name.domain()).mirrors()) {
            places.add(endpoint(mirror(mirror)));
        }
        places.add(endpoint(registry(name.domain())));
        return new Repository(name.withDefaultTag(), places, settings.parts(), faults, retries);
    }

    private Endpoint.Address registry(String domain) {
        String location = settings.host(domain).location();
        if (location != null) {
            return mirror(location);
        }
        String host = domain.equals(HUB) ? HUB_HOST : domain;
        return new Endpoint.Address(host, "", speaks(host, domain));
    }

    private Endpoint.Speaks speaks(String host, String domain) {
        if (settings.isInsecure(domain) || settings.isInsecure(host)) {
            return Endpoint.Speaks.INSECURE;
        }
        return Loopback.is(host) && !tls.isConfigured(host) ? Endpoint.Speaks.LOOPBACK : Endpoint.Speaks.TLS;
    }

    private Endpoint.Address mirror(String text) {
        String rest = text;
        Endpoint.Speaks said = null;
        if (rest.startsWith("http://")) {
            said = Endpoint.Speaks.HTTP;
            rest = rest.substring("http://".length());
        } else if (rest.startsWith("https://")) {
            rest = rest.substring("https://".length());
            said = settings.isInsecure(host(rest)) ? Endpoint.Speaks.INSECURE : Endpoint.Speaks.TLS;
        }
        String host = host(rest);
        String prefix = rest.substring(host.length()).replaceAll("^/+|/+$", "");
        if (host.isEmpty() || host.contains("@") || !prefix.matches("[a-z0-9._/-]*")) {
            throw new UserFault("use mirror " + redactor.text(host) + ": it is no address")
                    .hint("Write a mirror as [http[s]://]HOST[:PORT][/PREFIX], without a user.");
        }
        return new Endpoint.Address(
                host, prefix.isEmpty() ? "" : prefix + "/", said != null ? said : speaks(host, host));
    }

    private static String host(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private synchronized Endpoint endpoint(Endpoint.Address address) {
        return endpoints.computeIfAbsent(address, each -> endpoint(each, config::find));
    }

    private Endpoint endpoint(Endpoint.Address address, Authorizer.Credentials credentials) {
        return new Endpoint(address, transport(), authorizer(address, credentials), retries);
    }

    private Authorizer authorizer(Endpoint.Address address, Authorizer.Credentials credentials) {
        return new Authorizer(
                address.host(), address.speaks(), credentials, transport(), retries, redactor, InstantSource.system());
    }

    private synchronized Transport transport() {
        if (transport == null) {
            transport = new Transport(tls, proxies, settings.patience());
        }
        return transport;
    }

    /**
     * Tries credentials at a registry.
     *
     * @param domain of the registry, as image names have it
     * @return what to keep: the credentials, or the identity token that the registry gave for them
     * @throws RemoteFault if it refuses them, or does not answer
     */
    public Credential check(String domain, Credential credential) throws InterruptedException {
        Endpoint.Address address = registry(domain);
        Authorizer authorizer = authorizer(address, _ -> Optional.of(credential));
        Endpoint endpoint = new Endpoint(address, transport(), authorizer, retries);
        try (Answer answer = endpoint.send(Call.of("GET", "/v2/", List.of()))) {
            if (answer.status() == 401 || answer.status() == 403) {
                throw new RemoteFault("login attempt to " + redactor.url(answer.address())
                                + " failed with status: " + answer.status()
                                + (answer.status() == 401 ? " Unauthorized" : " Forbidden"))
                        .hint("Check the user and the password; many registries want an access token instead of one.");
            }
            if (!answer.isSuccess()) {
                throw faults.unexpected(answer);
            }
            String refresh = authorizer.refreshToken();
            return refresh == null ? credential : new Credential.IdentityToken(refresh);
        } catch (Denied e) {
            URI about = endpoint.about("/v2/");
            throw new RemoteFault("Get \"" + redactor.url(about) + "\": " + redactor.text(e.reason()))
                    .hint("Check the user and the password; many registries want an access token instead of one.");
        } catch (IOException e) {
            throw faults.noAnswer("GET", endpoint.about("/v2/"), address.host(), e);
        }
    }

    /** Ends what still runs and lets go of all connections. Closing twice is harmless. */
    @Override
    public void close() {
        Transport open;
        synchronized (this) {
            open = transport;
            transport = null;
            endpoints.clear();
        }
        if (open != null) {
            open.close();
        }
    }
}
