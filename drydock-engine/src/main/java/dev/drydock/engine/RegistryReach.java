package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.registry.Credential;
import dev.drydock.registry.Registries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Whether the registry that names without a host mean answers from here. */
final class RegistryReach {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private RegistryReach() {}

    /** Asks it, without a login. Takes some seconds where nobody answers. */
    static HostFinding look(RegistryClient client) throws InterruptedException {
        CompletableFuture<String> trouble = new CompletableFuture<>();
        Thread asks = Thread.ofVirtual().name("registry-reach").start(() -> trouble.complete(ask(client)));
        if (!asks.join(PATIENCE)) {
            asks.interrupt();
            asks.join();
            return lack("no answer within " + PATIENCE.toSeconds() + " s");
        }
        String why = trouble.join();
        return why.isEmpty()
                ? new HostFinding(HostFinding.State.GOOD, "registry", Registries.HUB + " answers", null, null)
                : lack(why);
    }

    private static HostFinding lack(String why) {
        return new HostFinding(
                HostFinding.State.LACKING,
                "registry",
                Registries.HUB + ": " + why,
                "pulling base images that are not in the store (mirrors and other registries may work)",
                "Behind a proxy set HTTPS_PROXY, and SSL_CERT_FILE if it has a CA of its own; or name a mirror, see"
                        + " docs/registries.md.");
    }

    /** What is wrong; empty if it answered, whatever it said. */
    private static String ask(RegistryClient client) {
        try {
            client.open().check(Registries.HUB, new Credential.Anonymous());
            return "";
        } catch (DrydockException e) {
            return e.text().contains("failed with status: 40") ? "" : e.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
