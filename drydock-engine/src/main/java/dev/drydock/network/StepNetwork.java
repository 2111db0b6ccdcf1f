package dev.drydock.network;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network that steps are on, as they see it.
 *
 * @param kind who carries what goes out
 * @param namespace a file that stands for the network namespace, null for this process's own
 * @param hostAddress where the host's services are reached: what {@code host-gateway} means
 * @param resolver address of the name server that steps must use, null where the host's own are within reach
 * @param environment variables that steps need to find a way out; they win over the step's own
 */
public record StepNetwork(
        Kind kind,
        @Nullable Path namespace,
        String hostAddress,
        @Nullable String resolver,
        Map<String, String> environment) {
    /** The host's network itself. */
    public static final StepNetwork HOST = new StepNetwork(Kind.HOST, null, "127.0.0.1", null, Map.of());

    public StepNetwork {
        environment = Map.copyOf(environment);
    }

    /** Who carries what goes out of a network. */
    public enum Kind {
        /** Nobody: it is the host's. */
        HOST("the host's"),
        PASTA("pasta"),
        SLIRP4NETNS("slirp4netns"),
        /** Nobody but a proxy of Drydock's, which knows a list of hosts. */
        LISTED("a list of hosts");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }
}
