package dev.drydock.network;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.NetworkNamespaces;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The network that the steps of one build share, made when the first step needs it: a namespace of its own that pasta or
 * slirp4netns connects to the world, or that reaches a list of hosts only; where the host has neither program, the host's
 * network. Nothing of it is seen on the host: no interface, no route, no rule of a firewall, and nothing stays behind.
 */
public final class StepNetworks implements AutoCloseable {
    private static final String RESOLVER = "10.0.2.3";
    private static final String GATEWAY = "10.0.2.2";
    private static final int PROXY_PORT = 3128;
    /** An address that nobody has (RFC 5737), to ask the kernel from where it would be reached. */
    private static final String ELSEWHERE = "198.51.100.1";

    private final Tools tools;
    private final Path directory;
    private final @Nullable AllowedHosts allowed;
    private final UpstreamProxy upstream;
    private final Word word;
    private final Map<Integer, Doorway> doors = new TreeMap<>();
    private @Nullable StepNetwork network;
    private @Nullable NamespaceProcess process;
    private @Nullable ListedHostsProxy proxy;

    /** Hears what a person should know who did not get what was asked for: a sentence without a full stop. */
    @FunctionalInterface
    public interface Word {
        void say(String sentence) throws InterruptedException;
    }

    /**
     * Nothing is made yet. The caller closes it.
     *
     * @param directory takes small files; the caller's lease makes it go away after a crash
     * @param allowed the hosts that may be reached, null for all
     * @param upstream by which proxies they are reached
     */
    public StepNetworks(
            Tools tools, Path directory, @Nullable AllowedHosts allowed, UpstreamProxy upstream, Word word) {
        this.tools = tools;
        this.directory = directory;
        this.allowed = allowed;
        this.upstream = upstream;
        this.word = word;
    }

    /**
     * The network.
     *
     * @param resolvers name servers of the host's that are within reach of no namespace but the host's; empty if all are
     * @throws EnvironmentFault if a list of hosts was asked for and cannot be kept
     */
    public synchronized StepNetwork open(List<String> resolvers) throws InterruptedException {
        if (network != null && (process == null || process.isAlive())) {
            return network;
        }
        if (network != null) {
            throw new EnvironmentFault("network of steps: the process that holds it has ended")
                    .hint("Build again; with --network host it is not needed.");
        }
        network = allowed == null ? connected(!resolvers.isEmpty()) : listed(allowed);
        return network;
    }

    /** Makes a port of the host's loopback interface one of the steps'; for a proxy that listens there. */
    public synchronized void forward(int port) throws InterruptedException {
        if (process == null || doors.containsKey(port)) {
            return;
        }
        doors.put(port, Doorway.serve(NetworkNamespaces.listen(process.namespace(), port), (visitor, door) -> {
            try (SocketChannel service = SocketChannel.open()) {
                door.adopt(service);
                try {
                    service.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    Conversation.between(visitor, service);
                } finally {
                    door.release(service);
                }
            }
        }));
    }

    /** Hosts that steps asked for and that are not on the list, each with its port. */
    public synchronized List<String> refused() {
        return proxy == null ? List.of() : proxy.refused();
    }

    private StepNetwork listed(AllowedHosts hosts) throws InterruptedException {
        NamespaceProcess holder = NamespaceProcess.start(tools, directory.resolve("network"), "");
        process = holder;
        proxy = new ListedHostsProxy(hosts, upstream);
        doors.put(PROXY_PORT, Doorway.serve(NetworkNamespaces.listen(holder.namespace(), PROXY_PORT), proxy));
        Map<String, String> environment =
                ProxyVariables.forAll("http://127.0.0.1:" + PROXY_PORT, "localhost,127.0.0.1,::1");
        return new StepNetwork(StepNetwork.Kind.LISTED, holder.namespace(), "127.0.0.1", null, environment);
    }

    private StepNetwork connected(boolean ownResolver) throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        Optional<StepNetwork> found = carried(StepNetwork.Kind.PASTA, ownResolver, reasons);
        if (found.isEmpty()) {
            found = carried(StepNetwork.Kind.SLIRP4NETNS, true, reasons);
        }
        if (found.isPresent()) {
            return found.get();
        }
        word.say("RUN steps are on the host's network: " + String.join("; ", reasons));
        return StepNetwork.HOST;
    }

    private Optional<StepNetwork> carried(StepNetwork.Kind kind, boolean ownResolver, List<String> reasons)
            throws InterruptedException {
        Optional<Path> program = tools.find(kind.toString());
        if (program.isEmpty()) {
            reasons.add(kind + " is not installed");
            return Optional.empty();
        }
        String carrier =
                "mkfifo ready\n'" + program.get() + (kind == StepNetwork.Kind.PASTA ? pasta(ownResolver) : SLIRP4NETNS);
        try {
            NamespaceProcess holder = NamespaceProcess.start(tools, directory.resolve("network"), carrier);
            process = holder;
            return Optional.of(
                    new StepNetwork(kind, holder.namespace(), hostAddress(), ownResolver ? RESOLVER : null, Map.of()));
        } catch (EnvironmentFault fault) {
            reasons.add(kind + " failed: " + fault.text().substring(fault.text().indexOf(": ") + 2));
            return Optional.empty();
        }
    }

    /**
     * No port of the host's loopback interface is a step's, and none of a step's the host's: what pasta does of itself.
     * It stays root, of whatever namespace that is, because as another user it may not enter this one; it gives up all
     * rights but two, and filters its own system calls.
     */
    private static String pasta(boolean ownResolver) {
        return "' --runas 0 --config-net -t none -u none -T none -U none -a 10.0.2.100 -n 24 -g " + GATEWAY
                + " --no-map-gw" + (ownResolver ? " --dns-forward " + RESOLVER : "")
                + " --netns ./net < /dev/null > /dev/null 2> words || { cat words >&2; exit 1; }\n";
    }

    private static final String SLIRP4NETNS = "' --configure --mtu=65520 --disable-host-loopback --enable-sandbox"
            + " --ready-fd=3 --netns-type=path ./net tap0 3> ready < /dev/null > /dev/null 2> words &\n"
            + "read -r up < ready || [ -n \"$up\" ] || { cat words >&2; exit 1; }\n";

    /** The address by which the host reaches others is one by which steps reach the host. */
    private static String hostAddress() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(ELSEWHERE), 9));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | java.io.UncheckedIOException e) {
            return GATEWAY; // no way out, so no address that is known elsewhere
        }
    }

    @Override
    public synchronized void close() {
        doors.values().forEach(Doorway::close);
        doors.clear();
        if (process != null) {
            process.close();
        }
    }
}
