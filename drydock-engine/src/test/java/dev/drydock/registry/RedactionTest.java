package dev.drydock.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drydock.fault.DrydockException;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that repeat everything they were told or gave, in every place that ends up in a message. */
class RedactionTest {
    private static final String PASSWORD = "pl4nted-passw0rd";
    private static final String BASIC = Base64.getEncoder().encodeToString(("demo:" + PASSWORD).getBytes());
    private static final String TOKEN = "pl4nted-t0ken";
    private static final String IDENTITY = "pl4nted-1dentity";
    private static final String SIGNATURE = "pl4nted-s1gnature";
    private static final String USERINFO = "pl4nted-us3r:pl4nted-0ther";
    private static final List<String> SECRETS =
            List.of(PASSWORD, BASIC, TOKEN, IDENTITY, SIGNATURE, "pl4nted-us3r", "pl4nted-0ther", "pl4nted");
    private static final String REPEATED =
            "we got demo:" + PASSWORD + " as Basic " + BASIC + " and gave Bearer " + TOKEN;

    @TempDir
    Path home;

    private HttpServer server;
    private Registries registries;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        Files.createDirectories(home.resolve(".docker"));
    }

    @AfterEach
    void close() {
        server.stop(0);
        if (registries != null) {
            registries.close();
        }
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private static String json(String message) {
        return "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"" + message + "\"}]}";
    }

    /** Does everything there is to do at the registry, and returns every word that somebody may read of it. */
    private String words(String credential) throws Exception {
        Files.writeString(home.resolve(".docker/config.json"), "{\"auths\":{\"" + host() + "\":{" + credential + "}}}");
        registries = new Registries(
                RegistrySettings.load(Map.of(), home, Set.of()),
                new DockerConfig(Map.of(), home),
                new Retries(InstantSource.system(), _ -> {}));
        Repository repository = registries.repository(ImageRef.parse(host() + "/app:1"));
        byte[] bytes = {1, 2, 3};
        Descriptor blob = new Descriptor("application/octet-stream", Digest.of(bytes), bytes.length);
        StringWriter all = new StringWriter();
        for (Doing doing : List.<Doing>of(
                () -> all.write(repository.find().toString()),
                () -> repository.document(blob),
                () -> {
                    try (InputStream in = repository.blob(blob)) {
                        in.readAllBytes();
                    }
                },
                repository::tags,
                () -> repository.has(blob.digest()),
                () -> repository.mount(blob.digest(), "other"),
                () -> repository.upload(blob, out -> out.write(bytes)),
                () -> repository.stream(MediaTypes.OCI_LAYER_TAR, out -> out.write(bytes)),
                () -> repository.put(bytes, MediaTypes.OCI_MANIFEST, "1"),
                () -> registries.check(host(), new Credential.Password("demo", PASSWORD)))) {
            try {
                doing.run();
            } catch (DrydockException | IOException e) {
                e.printStackTrace(new PrintWriter(all));
                if (e instanceof DrydockException fault) {
                    all.write(fault.text() + fault.hints());
                }
            }
        }
        String said = all.toString();
        for (String secret : SECRETS) {
            assertThat(said).doesNotContain(secret);
        }
        return said;
    }

    private interface Doing {
        void run() throws IOException, InterruptedException;
    }

    private static String password() {
        return "\"auth\":\"" + BASIC + "\"";
    }

    @Test
    void aServerThatRepeatsThePassword() throws Exception {
        for (int status : new int[] {400, 403, 404, 429, 500}) {
            try {
                server.removeContext("/v2/");
            } catch (IllegalArgumentException first) {
                // none yet
            }
            server.createContext("/v2/", exchange -> {
                if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                    answer(exchange, 401, "", "WWW-Authenticate", "Basic realm=\"x\"");
                } else {
                    answer(
                            exchange,
                            status,
                            json(REPEATED),
                            "Retry-After",
                            "0",
                            "ratelimit-limit",
                            "100;w=" + PASSWORD,
                            "Docker-Content-Digest",
                            PASSWORD);
                }
            });
            assertThat(words(password())).contains("xxxxx");
            registries.close();
        }
    }

    @Test
    void aServerThatRefusesEveryPassword() throws Exception {
        server.createContext(
                "/v2/",
                exchange ->
                        answer(exchange, 401, json(REPEATED), "WWW-Authenticate", "Basic realm=\"" + PASSWORD + "\""));
        words(password());
    }

    @Test
    void tokenServersThatRepeatWhatTheyGot() throws Exception {
        String challenge = "Bearer realm=\"http://" + host() + "/token\",service=\"s\",error=\"" + TOKEN + "\"";
        for (int status : new int[] {200, 400, 401, 403, 500}) {
            for (String context : List.of("/v2/", "/token")) {
                try {
                    server.removeContext(context);
                } catch (IllegalArgumentException first) {
                    // none yet
                }
            }
            server.createContext("/token", exchange -> {
                boolean identity = exchange.getRequestMethod().equals("POST");
                answer(exchange, status, json(identity ? "not for " + IDENTITY : REPEATED), "Retry-After", "0");
            });
            server.createContext("/v2/", exchange -> answer(exchange, 401, "", "WWW-Authenticate", challenge));
            words(password());
            registries.close();
            words("\"identitytoken\":\"" + IDENTITY + "\"");
            registries.close();
        }
    }

    @Test
    void registriesThatRepeatTheToken() throws Exception {
        server.createContext(
                "/token",
                exchange ->
                        answer(exchange, 200, "{\"token\":\"" + TOKEN + "\",\"refresh_token\":\"" + IDENTITY + "\"}"));
        server.createContext("/v2/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 401, "", "WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\"");
            } else {
                answer(exchange, 403, json("not with " + TOKEN + " of " + PASSWORD));
            }
        });
        assertThat(words(password())).contains("not with xxxxx of xxxxx");
    }

    @Test
    void addressesWithSecretsInThem() throws Exception {
        for (String location : List.of(
                "http://" + USERINFO + "@127.0.0.1:1/x?X-Amz-Signature=" + SIGNATURE,
                "https://" + USERINFO + "@127.0.0.1:1/x?X-Amz-Signature=" + SIGNATURE,
                "http://" + USERINFO + "@[bad/" + SIGNATURE,
                "ftp://" + USERINFO + "@host/" + SIGNATURE,
                "/v2/?again=" + SIGNATURE)) {
            for (int status : new int[] {202, 307, 401}) {
                try {
                    server.removeContext("/v2/");
                } catch (IllegalArgumentException first) {
                    // none yet
                }
                server.createContext(
                        "/v2/",
                        exchange -> answer(
                                exchange,
                                status,
                                "",
                                "Location",
                                location,
                                "Link",
                                "<" + location + ">; rel=\"next\"",
                                "WWW-Authenticate",
                                "Bearer realm=\"" + location + "\""));
                words(password());
                registries.close();
            }
        }
    }
}
