package dev.drydock.engine;

import dev.drydock.network.UpstreamProxy;
import dev.drydock.registry.HostProxies;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** By which proxies the hosts are reached that a list allows: those that steps would use, or else this process's own. */
final class StepProxies {
    private StepProxies() {}

    /** @throws dev.drydock.fault.UserFault if one is of a kind that is not spoken to */
    static UpstreamProxy of(Map<String, String> buildArgs, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        buildArgs.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (upper.endsWith("_PROXY")) {
                variables.remove(upper.toLowerCase(Locale.ROOT));
                variables.put(upper, value);
            }
        });
        HostProxies proxies = HostProxies.of(variables);
        return (host, port, tunnel) -> proxies.towards(tunnel, host, port)
                .map(proxy -> new UpstreamProxy.Hop(proxy.host(), proxy.port(), proxy.authorization()));
    }
}
