package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The networks that steps are on, and what they reach from there. */
class NetworkIT {
    private static Store store;
    private static HttpServer everywhere;
    private static HttpServer loopback;
    private static final Set<String> ASKED = new ConcurrentSkipListSet<>();
    private int projects;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "pasta", "slirp4netns", "nsenter")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
        everywhere = serve("0.0.0.0", "from everywhere");
        loopback = serve("127.0.0.1", "from loopback");
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            everywhere.stop(0);
            loopback.stop(0);
            store.close();
        }
    }

    private static HttpServer serve(String address, String text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 0);
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            ASKED.add(exchange.getRequestURI().toString() + " "
                    + exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private Path project(String dockerfile) throws IOException {
        Path project = store.directory("network" + projects++);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        return project;
    }

    private Command build(String dockerfile, String... flags) throws IOException {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain", "--no-cache"));
        words.addAll(List.of(flags));
        words.add(project(dockerfile).toString());
        return store.drydock(words.toArray(String[]::new));
    }

    /** A build where the kernel shows these files as empty devices, so that no program is found there. */
    private Command without(List<String> hidden, Command build) {
        StringBuilder script = new StringBuilder();
        for (String program : hidden) {
            script.append("for d in /usr/local/bin /usr/bin /bin; do test ! -e $d/")
                    .append(program)
                    .append(" || mount --bind /dev/null $d/")
                    .append(program)
                    .append("; done; ");
        }
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script + "exec \"$@\"", "sh"));
        words.addAll(build.words());
        return build.instead(words);
    }

    private static String interfaces() throws Exception {
        Set<String> names = new TreeSet<>();
        try (var all = Files.list(Path.of("/sys/class/net"))) {
            all.forEach(each -> names.add(each.getFileName().toString()));
        }
        return names
                + Files.readString(Path.of("/proc/net/route"))
                        .lines()
                        .sorted()
                        .toList()
                        .toString();
    }

    private static final String REACH = """
            RUN <<'EOF'
            echo "addresses: $(ip -4 -o addr | awk '{print $4}' | tr '\\n' ' ')"
            gateway=$(awk '/host.example/ { print $1 }' /etc/hosts)
            timeout 60 wget -q -O - http://$gateway:%d/
            for host in 127.0.0.1 10.0.2.2 $gateway; do timeout 2 wget -q -O - http://$host:%d/ || echo "no way to $host"; done
            echo "sockets: $(tail -n +2 /proc/net/unix | wc -l)"
            cat /etc/resolv.conf
            EOF
            """;

    private static String reach() {
        return REACH.formatted(port(everywhere), port(loopback));
    }

    /** Docker's way: the host is reached by its name for it, and what listens on its loopback interface is not. */
    @Test
    void stepsHaveANetworkOfTheirOwnAndTheHostKeepsItsOwn() throws Exception {
        String before = interfaces();
        String said = build(reach(), "--add-host", "host.example:host-gateway")
                .run()
                .ok()
                .err();
        assertThat(said)
                .contains("addresses: 127.0.0.1/8 10.0.2.100/24 \n")
                .contains(" from everywhere\n")
                .doesNotContain("from loopback")
                .contains("no way to 127.0.0.1", "no way to 10.0.2.2", "no way to " + hostAddress())
                .contains("sockets: 0\n")
                .doesNotContain("on the host's network");
        assertThat(interfaces()).isEqualTo(before);
        store.assertNothingLeft();
    }

    @Test
    void slirp4netnsStandsIn() throws Exception {
        String said = without(List.of("pasta"), build(reach(), "--add-host", "host.example:host-gateway"))
                .run()
                .ok()
                .err();
        assertThat(said)
                .contains("addresses: 127.0.0.1/8 10.0.2.100/24 \n")
                .contains(" from everywhere\n")
                .doesNotContain("from loopback")
                .contains("sockets: 0\n")
                .contains("nameserver 10.0.2.3\n");
    }

    @Test
    void withoutEitherItIsTheHostsAndSaysSo() throws Exception {
        String said = without(
                        List.of("pasta", "slirp4netns"),
                        build("RUN wget -q -O - http://127.0.0.1:" + port(loopback) + "/\nRUN true\n"))
                .run()
                .ok()
                .err();
        assertThat(said).contains(" from loopback\n");
        assertThat(said.lines().filter(line -> line.contains("on the host's network")))
                .containsExactly("#6 [internal] RUN steps are on the host's network: pasta is not installed;"
                        + " slirp4netns is not installed");
    }

    /** A host whose only name server listens on its loopback interface. */
    @Test
    void aNameServerOnLoopbackIsReachedThroughAnother() throws Exception {
        Path conf = Files.writeString(
                store.directory("resolver").resolve("resolv.conf"), "nameserver 127.0.0.1\nsearch x\n");
        Command build = build("RUN cat /etc/resolv.conf\n");
        List<String> words = new ArrayList<>(List.of(
                "unshare", "--mount", "sh", "-c", "mount --bind " + conf + " /etc/resolv.conf; exec \"$@\"", "sh"));
        words.addAll(build.words());
        assertThat(build.instead(words).run().ok().err())
                .containsPattern("#5 [0-9.]+ nameserver 10.0.2.3\n#5 [0-9.]+ search x\n");
    }

    /** {@code http_proxy=http://127.0.0.1:…} is the host's proxy, also from a network of the step's own. */
    @Test
    void aProxyOnTheHostsLoopbackInterfaceIsWithinReach() throws Exception {
        String said = build(
                        "RUN wget -q -O - http://far.example/by-argument\n",
                        "--build-arg",
                        "http_proxy=http://127.0.0.1:" + port(loopback))
                .run()
                .ok()
                .err();
        assertThat(said).contains(" from loopback\n");
        assertThat(ASKED).contains("http://far.example/by-argument far.example");
    }

    /** A Dockerfile cannot open ports of the host's by calling them proxies. */
    @Test
    void aProxyThatTheDockerfileNamesIsNotLetIn() throws Exception {
        String said = build("""
                        ARG HTTPS_PROXY=http://127.0.0.1:%1$d
                        ENV http_proxy=http://127.0.0.1:%1$d
                        RUN timeout 3 wget -q -O - http://far.example/ || echo no way
                        """.formatted(port(loopback))).run().ok().err();
        assertThat(said).contains(" no way\n").doesNotContain("from loopback");
    }

    @Test
    void aListOfHostsIsAllThatIsReached() throws Exception {
        String listed = hostAddress() + ":" + port(everywhere);
        String said = build(
                        """
                        ENV http_proxy=http://192.0.2.99:1
                        RUN <<'EOF'
                        ask() { printf "$1 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" | timeout 60 nc 127.0.0.1 3128 | head -1 | tr -d '\\r'; }
                        wget -q -O - http://%1$s/listed
                        ask 'CONNECT %1$s'
                        ask 'CONNECT other.example:443'
                        ask 'CONNECT 127.0.0.1:%2$d'
                        ask 'GET http://localhost:%2$d/'
                        ask 'GET /'
                        http_proxy= timeout 3 wget -q -O - http://%1$s/ || echo no direct way
                        http_proxy= timeout 3 wget -q -O - http://127.0.0.1:%2$d/ || echo no loopback
                        nslookup secret.value.example > /dev/null 2>&1 || echo no names
                        echo "interfaces: $(ls /sys/class/net | tr '\\n' ' ')"
                        EOF
                        """.formatted(listed, port(loopback)),
                        "--network-allow",
                        listed,
                        "--network-allow=*.example.org")
                .run()
                .ok()
                .err();
        assertThat(said)
                .containsOnlyOnce(" from everywhere\n")
                .contains(" HTTP/1.1 200 Connection established\n")
                .contains("no direct way", "no loopback", "no names", "interfaces: lo \n")
                .doesNotContain("from loopback");
        assertThat(said.lines().filter(line -> line.endsWith("HTTP/1.1 403 Forbidden")))
                .hasSize(3);
        assertThat(said.lines().filter(line -> line.endsWith("HTTP/1.1 400 Bad Request")))
                .hasSize(1);
        assertThat(ASKED).contains("/listed " + listed);
    }

    /** The proxy is asked by name: behind one, this host need not know any. */
    @Test
    void aListOfHostsGoesOutByTheProxyThatThisHostIsBehind() throws Exception {
        String step =
                "RUN wget -q -O - http://listed.invalid/%s; wget -q -O - http://other.invalid/ || echo no other\n";
        String proxy = "http://127.0.0.1:" + port(loopback);
        List<Command> builds = List.of(
                build(step.formatted("argument"), "--network-allow=listed.invalid", "--build-arg=http_proxy=" + proxy),
                build(step.formatted("environment"), "--network-allow=listed.invalid")
                        .with("HTTP_PROXY", proxy)
                        .with("NO_PROXY", "localhost"));
        for (Command build : builds) {
            assertThat(build.run().ok().err()).contains(" from loopback\n", " no other\n");
        }
        assertThat(ASKED)
                .contains("http://listed.invalid/argument listed.invalid")
                .contains("http://listed.invalid/environment listed.invalid");
        assertThat(build(step.formatted("direct"), "--network-allow=listed.invalid")
                        .with("HTTP_PROXY", proxy)
                        .with("NO_PROXY", ".invalid")
                        .run()
                        .ok()
                        .err())
                .doesNotContain("from loopback");
    }

    @Test
    void aHostThatIsNotListedIsNamedWhenTheStepFails() throws Exception {
        var outcome = build("RUN wget -q -O - http://other.example/x\n", "--network-allow", "localhost")
                .run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("hint: A step asked for other.example:80, which --network-allow does not name.\n");
    }

    /** The list is in neither the image nor the key. */
    @Test
    void aListOfHostsLeavesNoTrace() throws Exception {
        Path project = project("RUN env | grep -i _proxy > /dev/null; echo same\n");
        String open =
                store.drydock("build", "-q", project.toString()).run().ok().out();
        var again = store.drydock("build", "--progress=plain", "--network-allow=localhost", project.toString())
                .run()
                .ok();
        assertThat(again.err()).contains("CACHED\n").contains("writing image " + open.strip());
    }

    @Test
    void aListThatIsNoListSaysSo() throws Exception {
        assertThat(build("RUN true\n", "--network-allow", "http://x/").run().err())
                .contains("invalid host \"http://x/\" in the list of allowed hosts");
        assertThat(build("RUN true\n", "--network-allow", "x", "--network", "none")
                        .run()
                        .err())
                .contains("ERROR: failed to build: --network-allow and --network none cannot be used together");
    }

    @Test
    void aKilledBuildTakesItsNetworkAlong() throws Exception {
        for (String flag : List.of("--network=default", "--network-allow=localhost")) {
            Path note = store.directory("kill").resolve("err");
            Process build =
                    build("RUN echo begun && sleep 600\n", flag).errorTo(note).start();
            RunningBuild.awaitText(build, note, " begun\n");
            RunningBuild.kill(build);
            assertThat(pastas()).as("pasta of a killed build").isEmpty();
        }
        build("RUN true\n").run().ok(); // sweeps control groups and unfinished files
        store.assertNothingLeft();
    }

    private static List<String> pastas() {
        return ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .filter(line -> line.contains("pasta --runas") && line.contains("./net"))
                .toList();
    }

    /** On hosts of the usual kind a plain user may open the device for it; this test's user may. */
    @Test
    void aPlainUsersStepsHaveANetworkOfTheirOwn() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.RANGE)) {
            Path tar = user.home().resolve("busybox.tar");
            Files.copy(store.busyboxTar(), tar);
            user.write("project/Dockerfile", "FROM busybox:1.37\n" + reach());
            String launcher = store.drydock().words().getFirst();
            user.run(launcher, "import", "-c", "CMD [\"sh\"]", tar.toString(), "busybox:1.37")
                    .run()
                    .ok();
            Command build = user.run(
                    launcher,
                    "build",
                    "--progress=plain",
                    "--add-host=host.example:host-gateway",
                    user.home().resolve("project").toString());
            List<String> words = new ArrayList<>(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200 && exec \"$@\"",
                    "sh"));
            words.addAll(build.words());
            assertThat(build.instead(words).run().ok().err())
                    .contains("addresses: 127.0.0.1/8 10.0.2.100/24 \n")
                    .contains(" from everywhere\n")
                    .doesNotContain("from loopback")
                    .contains("sockets: 0\n");
        }
    }

    private static String hostAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 9));
            return socket.getLocalAddress().getHostAddress();
        } catch (java.io.UncheckedIOException e) {
            Requires.that(false, "needs a route to other hosts");
            return "";
        }
    }
}
