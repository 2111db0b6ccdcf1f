package dev.drydock.engine;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the RUN steps of a build are given beside the Dockerfile's words.
 *
 * @param trust what they see of the host's certificates and logins
 * @param secrets by ID; their values never reach a layer, a key, a message or a disk
 * @param agents SSH agents and keys by ID
 * @param network of steps that do not say
 * @param networkAllow the hosts that steps may reach on the usual network; empty for all
 * @param limits of each step's memory and processors
 * @param extraHosts further lines of {@code /etc/hosts}; the address {@code host-gateway} is this host's
 * @param shmSize of {@code /dev/shm} in bytes, 0 for 64 MiB
 * @param cgroupParent control group above those of the steps, null for the top
 * @param allowed what steps may ask for that the sandbox does not give
 * @param devices those that steps may have beside the ones that are everybody's, each with the one that is meant by it,
 *     empty for itself
 * @param isolation how steps are kept apart from the host
 */
public record RunSettings(
        Trust trust,
        Map<String, Secret> secrets,
        Map<String, SshSource> agents,
        Op.Network network,
        List<String> networkAllow,
        ResourceLimits limits,
        List<Op.HostEntry> extraHosts,
        List<Op.Ulimit> ulimits,
        long shmSize,
        @Nullable String cgroupParent,
        Set<Entitlement> allowed,
        Map<String, String> devices,
        Isolation isolation) {
    /** Nothing is given. */
    public static final RunSettings DEFAULT = new RunSettings(
            Trust.NONE,
            Map.of(),
            Map.of(),
            Op.Network.DEFAULT,
            List.of(),
            ResourceLimits.NONE,
            List.of(),
            List.of(),
            0,
            null,
            Set.of(),
            Map.of(),
            Isolation.AUTO);

    public RunSettings {
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        networkAllow = List.copyOf(networkAllow);
        extraHosts = List.copyOf(extraHosts);
        ulimits = List.copyOf(ulimits);
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
        allowed = Collections.unmodifiableSet(new TreeSet<>(allowed));
    }

    /** The same with other certificates and logins of the host's. */
    public RunSettings withTrust(Trust other) {
        return new RunSettings(
                other,
                secrets,
                agents,
                network,
                networkAllow,
                limits,
                extraHosts,
                ulimits,
                shmSize,
                cgroupParent,
                allowed,
                devices,
                isolation);
    }

    /** The same with these secrets. */
    public RunSettings withSecrets(Map<String, Secret> others) {
        return new RunSettings(
                trust,
                others,
                agents,
                network,
                networkAllow,
                limits,
                extraHosts,
                ulimits,
                shmSize,
                cgroupParent,
                allowed,
                devices,
                isolation);
    }

    /** The same with these agents. */
    public RunSettings withAgents(Map<String, SshSource> others) {
        return new RunSettings(
                trust,
                secrets,
                others,
                network,
                networkAllow,
                limits,
                extraHosts,
                ulimits,
                shmSize,
                cgroupParent,
                allowed,
                devices,
                isolation);
    }
}
