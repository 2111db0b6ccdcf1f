package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Contexts of web servers that do not send what they promise, or not now. */
class StalledContextIT {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: ";

    /** Seconds in which a server sends something that means to, on a busy machine, too. */
    private static final int SLOW = 5;

    private static Store store;
    private static byte[] archive;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("tar");
        store = Store.create();
        Path project = store.directory("project");
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY a /\n");
        Files.writeString(project.resolve("a"), "a");
        Path tar = store.directory("archives").resolve("context.tar");
        Command.of("tar", "-C", project.toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        archive = Files.readAllBytes(tar);
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    /** Writes an answer; what comes after it returns is silence. */
    @FunctionalInterface
    private interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /** A server on loopback that gives everybody the same answer, and then holds the connection or cuts it. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Server(boolean cuts, Answer answer) throws IOException {
            threads.submit(() -> {
                while (!socket.isClosed()) {
                    Socket client = socket.accept();
                    threads.submit(() -> {
                        try (client) {
                            readHead(client.getInputStream());
                            answer.write(client.getOutputStream());
                            client.getOutputStream().flush();
                            if (!cuts) {
                                TimeUnit.HOURS.sleep(1); // until the test ends it
                            }
                            return null;
                        }
                    });
                }
                return null;
            });
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/context.tar";
        }

        @Override
        public void close() throws IOException {
            socket.close();
            threads.shutdownNow();
            threads.close();
        }
    }

    private static Outcome build(Server server, int patience) throws IOException, InterruptedException {
        return store.drydock("build", "--progress=plain", "-o", "type=cacheonly", server.url())
                .with("DRYDOCK_STALL_TIMEOUT", Integer.toString(patience))
                .run();
    }

    private static void refused(boolean cuts, Answer answer, int patience, String reason) throws Exception {
        try (Server server = new Server(cuts, answer)) {
            Outcome failed = build(server, patience);
            assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
            assertThat(failed.err())
                    .contains("ERROR: failed to build: failed to solve: Get \"" + server.url() + "\": " + reason)
                    .contains("hint: Check the address, the network and, where one is needed, the proxy.");
        }
        for (String directory : new String[] {"tmp", "leases"}) {
            try (var left = Files.list(store.root().resolve(directory))) {
                assertThat(left).as(directory).isEmpty();
            }
        }
        store.assertNothingLeft();
    }

    /** Who closes a connection with something unread in it takes back the end of the answer. */
    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return; // or a client of another protocol
            }
            head.append((char) next);
        }
    }

    private static Answer text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws Exception {
        refused(false, text(""), 1, "no answer from 127.0.0.1:");
        refused(false, text("HTTP/1.1 200 OK\r\nContent-Ty"), 1, "no answer from 127.0.0.1:");
    }

    @Test
    void aBodyThatStandsStillIsGivenUp() throws Exception {
        refused(
                false,
                out -> {
                    out.write((HEAD + archive.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(archive, 0, archive.length / 2);
                },
                SLOW,
                "the connection broke: nothing moved for " + SLOW + " s");
    }

    @Test
    void aBodyThatIsCutIsAFault() throws Exception {
        refused(
                true,
                out -> {
                    out.write((HEAD + archive.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(archive, 0, archive.length / 2);
                },
                SLOW,
                "the connection broke");
    }

    @Test
    void anArchiveThatEndsTooSoonIsAFaultOfTheArchive() throws Exception {
        try (Server server = new Server(true, out -> {
            out.write((HEAD + 700 + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(archive, 0, 700);
        })) {
            Outcome failed = build(server, SLOW);
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err()).contains("unpack build context from " + server.url() + ": ");
        }
        store.assertNothingLeft();
    }

    @Test
    void aRepositoryWhoseServerNeverAnswersIsGivenUp() throws Exception {
        Requires.program("git");
        try (Server server = new Server(false, text(""))) {
            String url = server.url().replace("context.tar", "r.git");
            for (String[] words : new String[][] {{"build", "--progress=plain", url}, {"build", "--check", url}}) {
                Outcome failed =
                        store.drydock(words).with("DRYDOCK_STALL_TIMEOUT", "1").run();
                assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
                assertThat(failed.err())
                        .contains("git ls-remote: fatal: unable to access '" + url + "/': Operation too slow")
                        .contains("hint: The server stopped sending: try again");
            }
        }
        store.assertNothingLeft();
    }

    /** git itself waits for ever for a server of its own protocol. */
    @Test
    void aServerOfGitsOwnProtocolIsGivenUpToo() throws Exception {
        Requires.program("git");
        try (Server server = new Server(false, text(""))) {
            String url = server.url().replace("http:", "git:").replace("context.tar", "r.git");
            Outcome failed = store.drydock("build", "--progress=plain", url)
                    .with("DRYDOCK_STALL_TIMEOUT", "1")
                    .run();
            assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
            assertThat(failed.err())
                    .contains("git ls-remote: the server stopped sending")
                    .contains("hint: The server stopped sending: try again");
        }
        store.assertNothingLeft();
    }

    /** Slow is not broken: each part comes within the time that a transfer may stand still. */
    @Test
    void aBodyThatDripsIsWaitedFor() throws Exception {
        try (Server server = new Server(true, out -> {
            out.write((HEAD + archive.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            int parts = 16;
            for (int i = 0; i < parts; i++) {
                int from = archive.length / parts * i;
                int to = i == parts - 1 ? archive.length : from + archive.length / parts;
                out.write(Arrays.copyOfRange(archive, from, to));
                out.flush();
                TimeUnit.MILLISECONDS.sleep(1000 * (SLOW + 2) / parts);
            }
        })) {
            build(server, SLOW).ok();
        }
    }
}
