package dev.drydock.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Git repositories of a test's own, served on loopback by git itself, or as plain files to clients that know no better. */
public final class GitServer implements AutoCloseable {
    private final Path root;
    private final HttpServer server;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> commandLines = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean plain;
    private volatile @Nullable String elsewhere;
    private volatile @Nullable String password;

    private GitServer(Path root, HttpServer server) {
        this.root = root;
        this.server = server;
    }

    public static GitServer start(Path root) throws IOException {
        Files.createDirectories(root);
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        GitServer server = new GitServer(root, http);
        http.setExecutor(Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("git-server-", 0).factory()));
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public String url(String repository) {
        return "http://" + host() + "/" + repository;
    }

    /** Serves files only, as a web server without git does. */
    public void plainFiles() {
        plain = true;
    }

    /** Wants this Authorization header. */
    public void wants(String authorization) {
        password = authorization;
    }

    /** Sends everybody to another server. */
    public void redirectTo(GitServer other) {
        elsewhere = "http://" + other.host();
    }

    /** The command lines of all processes of git that ran anywhere while this server was asked. */
    public List<String> commandLines() {
        return List.copyOf(commandLines);
    }

    private void lookAround() {
        try (var all = ProcessHandle.allProcesses()) {
            all.forEach(process -> {
                try {
                    byte[] line = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
                    String words = new String(line, StandardCharsets.ISO_8859_1).replace('\0', ' ');
                    if (words.contains("git")) {
                        commandLines.add(words);
                    }
                } catch (IOException gone) {
                    // with its process
                }
            });
        }
    }

    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Makes a repository {@code name.git} with its work tree {@code name} beside it. */
    public Path repository(String name) throws IOException, InterruptedException {
        Path work = Files.createDirectories(root.resolve(name));
        git(work, "init", "-q", "-b", "main");
        git(work, "config", "user.name", "Test");
        git(work, "config", "user.email", "test@example.com");
        return work;
    }

    /** Commits everything and gives the hash. */
    public String commit(Path work, String message) throws IOException, InterruptedException {
        git(work, "add", "-A");
        git(work, "commit", "-q", "--allow-empty", "-m", message);
        publish(work);
        return git(work, "rev-parse", "HEAD").strip();
    }

    /** Makes the served repository what the work tree's is. */
    public void publish(Path work) throws IOException, InterruptedException {
        Path bare = work.resolveSibling(work.getFileName() + ".git");
        if (!Files.exists(bare)) {
            git(root, "clone", "-q", "--bare", work.toString(), bare.toString());
        }
        git(work, "push", "-q", "--force", "--all", bare.toString());
        git(work, "push", "-q", "--force", "--tags", bare.toString());
        git(bare, "update-server-info");
    }

    public static String git(Path directory, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "protocol.file.allow=always"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_COMMITTER_DATE", "1700000000 +0000");
        builder.environment().put("GIT_AUTHOR_DATE", "1700000000 +0000");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + said);
        }
        return said;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            lookAround();
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(exchange.getRequestURI() + (given == null ? "" : " " + given));
            if (elsewhere != null) {
                exchange.getResponseHeaders().add("Location", elsewhere + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (password != null && !password.equals(given)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else if (plain) {
                file(exchange);
            } else {
                backend(exchange);
            }
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        Path file =
                root.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
        if (file.startsWith(root) && Files.isRegularFile(file)) {
            WebServer.send(exchange, Files.readAllBytes(file));
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private void backend(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        var environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        String query = exchange.getRequestURI().getRawQuery();
        environment.put("QUERY_STRING", query == null ? "" : query);
        environment.put("REMOTE_ADDR", "127.0.0.1");
        header(exchange, "Content-Type", environment, "CONTENT_TYPE");
        header(exchange, "Content-Encoding", environment, "HTTP_CONTENT_ENCODING");
        header(exchange, "Git-Protocol", environment, "GIT_PROTOCOL");
        byte[] body = exchange.getRequestBody().readAllBytes();
        environment.put("CONTENT_LENGTH", Integer.toString(body.length));
        Process process = builder.start();
        try (var to = process.getOutputStream()) {
            to.write(body);
        }
        try (InputStream from = process.getInputStream()) {
            int status = 200;
            for (String line = line(from); !line.isEmpty(); line = line(from)) {
                int colon = line.indexOf(':');
                String name = line.substring(0, colon);
                String value = line.substring(colon + 1).strip();
                if (name.equals("Status")) {
                    status = Integer.parseInt(value.substring(0, 3));
                } else {
                    exchange.getResponseHeaders().add(name, value);
                }
            }
            byte[] answer = from.readAllBytes();
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static void header(
            HttpExchange exchange, String name, java.util.Map<String, String> environment, String variable) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
            environment.put(variable, value);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
