package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.Drydock;
import dev.drydock.engine.Login;
import dev.drydock.engine.PullResult;
import dev.drydock.engine.RegistryAccess;
import dev.drydock.fault.RemoteFault;
import dev.drydock.house.Leftovers;
import dev.drydock.house.Requires;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways to a real registry: TLS with an authority of its own, client certificates, proxies, token servers. */
class RegistryAccessIT {
    private Path temp;
    private Path home;

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        Requires.program("docker-registry");
        temp = Files.createTempDirectory(Leftovers.MARK + "access-");
        home = Files.createDirectories(temp.resolve("home"));
    }

    @AfterEach
    void close() throws Exception {
        if (temp != null) {
            Command.of("rm", "-rf", temp.toString()).run().ok();
        }
    }

    private Drydock drydock(Map<String, String> environment, String... insecure) {
        return Drydock.open(temp.resolve("store"), new RegistryAccess(environment, home, Set.of(insecure)));
    }

    private Drydock withSettings(String host, String members) throws IOException {
        Path file = Files.writeString(
                temp.resolve("registries.json"), "{\"registries\":{\"" + host + "\":{" + members + "}}}");
        return drydock(Map.of("DRYDOCK_REGISTRIES", file.toString()));
    }

    /** Builds an image of one file, pushes it, and pulls it into another store. */
    private void roundTrip(Drydock drydock, RegistryAccess again, String name) throws Exception {
        Path context = Files.createDirectories(temp.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
        ImageRef ref = ImageRef.parse(name);
        drydock.tag(drydock.build(BuildRequest.of(context), _ -> {}).imageId().toString(), ref);
        var pushed = drydock.push(ref, _ -> {}).digest();
        try (Drydock other = Drydock.open(temp.resolve("other" + System.nanoTime()), again)) {
            PullResult pulled = other.pull(ref, Platform.host(), _ -> {});
            assertThat(pulled.digest()).isEqualTo(pushed);
        }
    }

    private static RemoteFault fault(Drydock drydock, String name) {
        return catchThrowableOfType(
                RemoteFault.class, () -> drydock.pull(ImageRef.parse(name), Platform.host(), _ -> {}));
    }

    /** TLS and all went well, and the registry says that it has no such image. */
    private static void reaches(Drydock drydock, String name) {
        try (drydock) {
            assertThat(fault(drydock, name)).hasMessageEndingWith(": not found");
        }
    }

    @Test
    void tlsWithAnAuthorityOfItsOwn() throws Exception {
        Certificates certificates = Certificates.make(temp.resolve("ca"));
        Certificates strangers = Certificates.make(temp.resolve("strangers"));
        Certificates.Pair server = certificates.sign("server", "DNS:localhost,IP:127.0.0.1", "ec");
        try (Registry registry = Registry.withTls(temp.resolve("registry"), server, null)) {
            String name = registry.host() + "/app:1";
            try (Drydock drydock = drydock(Map.of())) {
                RemoteFault fault = fault(drydock, name);
                assertThat(fault.text())
                        .isEqualTo("failed to resolve reference \"" + name + "\": failed to do request: Head \"https://"
                                + registry.host() + "/v2/app/manifests/1\": tls: failed to verify certificate:"
                                + " certificate signed by unknown authority");
                assertThat(fault.hints())
                        .anyMatch(hint -> hint.contains("/etc/docker/certs.d/" + registry.host() + "/ca.crt"));
            }
            try (Drydock drydock = withSettings(registry.host(), "\"ca\":\"" + strangers.authority() + "\"")) {
                assertThat(fault(drydock, name).text()).endsWith("certificate signed by unknown authority");
            }
            try (Drydock drydock = withSettings(registry.host(), "\"ca\":\"" + certificates.authority() + "\"")) {
                roundTrip(
                        drydock,
                        new RegistryAccess(
                                Map.of(
                                        "DRYDOCK_REGISTRIES",
                                        temp.resolve("registries.json").toString()),
                                home,
                                Set.of()),
                        name);
            }
            reaches(drydock(Map.of("DRYDOCK_INSECURE_REGISTRIES", registry.host())), registry.host() + "/no:1");
            reaches(drydock(Map.of(), registry.host()), registry.host() + "/no:1");
            reaches(drydock(Map.of("SSL_CERT_FILE", certificates.authority().toString())), registry.host() + "/no:1");
            Path layout = Files.createDirectories(home.resolve(".docker/certs.d/" + registry.host()));
            Files.copy(certificates.authority(), layout.resolve("ours.crt"));
            reaches(drydock(Map.of()), registry.host() + "/no:1");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        Certificates certificates = Certificates.make(temp.resolve("ca"));
        Certificates.Pair server = certificates.sign("server", "DNS:other.example", "ec");
        try (Registry registry = Registry.withTls(temp.resolve("registry"), server, null);
                Drydock drydock = withSettings(registry.host(), "\"ca\":\"" + certificates.authority() + "\"")) {
            assertThat(fault(drydock, registry.host() + "/app:1").text())
                    .contains("tls: failed to verify certificate: ")
                    .contains("127.0.0.1");
        }
    }

    @Test
    void clientsShowCertificates() throws Exception {
        Certificates certificates = Certificates.make(temp.resolve("ca"));
        Certificates.Pair server = certificates.sign("server", "DNS:localhost,IP:127.0.0.1", "ec");
        Certificates.Pair client = certificates.sign("me", "email:me@example.com", "rsa");
        try (Registry registry = Registry.withTls(temp.resolve("registry"), server, certificates.authority())) {
            String ca = "\"ca\":\"" + certificates.authority() + "\"";
            try (Drydock drydock = withSettings(registry.host(), ca)) {
                RemoteFault fault = fault(drydock, registry.host() + "/no:1");
                assertThat(fault.text()).contains("failed to do request: Head").contains("certificate");
                assertThat(fault.hints()).anyMatch(hint -> hint.contains("cert") && hint.contains("key"));
            }
            reaches(
                    withSettings(
                            registry.host(),
                            ca + ",\"cert\":\"" + client.certificate() + "\",\"key\":\"" + client.key() + "\""),
                    registry.host() + "/no:1");
            Path layout = Files.createDirectories(home.resolve(".docker/certs.d/" + registry.host()));
            Files.copy(certificates.authority(), layout.resolve("ca.crt"));
            Files.copy(client.certificate(), layout.resolve("client.cert"));
            Files.copy(client.key(), layout.resolve("client.key"));
            reaches(drydock(Map.of()), registry.host() + "/no:1");
        }
    }

    @Test
    void proxiesWithAPassword() throws Exception {
        Certificates certificates = Certificates.make(temp.resolve("ca"));
        Certificates.Pair server = certificates.sign("server", "DNS:registry.test", "ec");
        try (Registry secure = Registry.withTls(temp.resolve("secure"), server, null);
                Registry plain = Registry.start(temp.resolve("plain"));
                ConnectProxy proxy = new ConnectProxy(
                        Map.of("registry.test:443", port(secure), "plain.test:5000", port(plain)), "me:pr0xy-s3cret")) {
            Files.writeString(
                    temp.resolve("registries.json"),
                    "{\"registries\":{\"registry.test\":{\"ca\":\"" + certificates.authority()
                            + "\"},\"plain.test:5000\":{\"insecure\":true}}}");
            Map<String, String> environment = new HashMap<>(Map.of(
                    "DRYDOCK_REGISTRIES", temp.resolve("registries.json").toString(),
                    "HTTPS_PROXY", "http://me:pr0xy-s3cret@127.0.0.1:" + proxy.port(),
                    "http_proxy", "http://me:pr0xy-s3cret@127.0.0.1:" + proxy.port()));
            RegistryAccess access = new RegistryAccess(environment, home, Set.of());
            try (Drydock drydock = drydock(environment)) {
                roundTrip(drydock, access, "registry.test/app:1");
                assertThat(proxy.lines())
                        .isNotEmpty()
                        .allMatch(line -> line.equals("CONNECT registry.test:443 HTTP/1.1"));
                roundTrip(drydock, access, "plain.test:5000/app:1");
                assertThat(proxy.lines()).anyMatch(line -> line.startsWith("PUT http://plain.test:5000/v2/app/"));
            }
            environment.remove("DRYDOCK_REGISTRIES"); // no longer insecure: plain HTTP is not enough
            try (Drydock drydock = drydock(environment)) {
                RemoteFault fault = fault(drydock, "plain.test:5000/app:1");
                assertThat(fault.text()).contains("\"https://plain.test:5000/v2/app/manifests/1\"");
                assertThat(fault.text()).endsWith("http: server gave HTTP response to HTTPS client");
                assertThat(fault.hints())
                        .anyMatch(hint -> hint.endsWith("DRYDOCK_INSECURE_REGISTRIES=plain.test:5000"));
            }
            int before = proxy.lines().size();
            environment.put("NO_PROXY", ".test");
            try (Drydock drydock = drydock(environment)) {
                RemoteFault fault = fault(drydock, "registry.test/app:1");
                assertThat(fault.text()).endsWith("no such host");
                assertThat(fault.hints()).anyMatch(hint -> hint.contains("HTTPS_PROXY"));
            }
            environment.remove("NO_PROXY");
            environment.put("HTTPS_PROXY", "http://me:wr0ng-s3cret@127.0.0.1:" + proxy.port());
            try (Drydock drydock = drydock(environment)) {
                RemoteFault fault = fault(drydock, "registry.test/app:1");
                assertThat(fault.text()).contains("proxy").doesNotContain("wr0ng");
                assertThat(fault.hints()).anyMatch(hint -> hint.contains("HTTPS_PROXY"));
            }
            assertThat(proxy.lines()).hasSize(before);
        }
    }

    private static int port(Registry registry) {
        return Integer.parseInt(registry.host().substring(registry.host().lastIndexOf(':') + 1));
    }

    @Test
    void tokensAndIdentityTokens() throws Exception {
        Certificates certificates = Certificates.make(temp.resolve("ca"));
        Certificates.Pair signer = certificates.sign("signer", "DNS:signer.test", "rsa");
        try (TokenServer tokens = new TokenServer(signer, "demo", "s3cret-password");
                Registry registry =
                        Registry.withTokens(temp.resolve("registry"), tokens.realm(), certificates.authority());
                Login login = Login.open(new RegistryAccess(Map.of(), home, Set.of()))) {
            try (Drydock drydock = drydock(Map.of())) {
                RemoteFault fault = fault(drydock, registry.host() + "/team/app:1");
                assertThat(fault.text())
                        .isEqualTo("pull access denied for " + registry.host()
                                + "/team/app, repository does not exist or may require 'drydock login'");
                assertThat(fault.hints()).anyMatch(hint -> hint.contains("drydock login " + registry.host()));
                assertThat(tokens.requests()).containsOnly("GET nobody repository:team/app:pull");
            }
            RemoteFault wrong = catchThrowableOfType(
                    RemoteFault.class, () -> login.login(registry.host(), "demo", "wr0ng-password"));
            assertThat(wrong.text()).contains("incorrect username or password").doesNotContain("wr0ng-password");
            login.login(registry.host(), "demo", "s3cret-password");
            // The token server gave an identity token: that is kept, and the password nowhere.
            String kept = Files.readString(home.resolve(".docker/config.json"));
            assertThat(kept).contains(TokenServer.IDENTITY).doesNotContain("ZGVtbz");
            tokens.requests().clear();
            try (Drydock drydock = drydock(Map.of())) {
                roundTrip(drydock, new RegistryAccess(Map.of(), home, Set.of()), registry.host() + "/team/app:1");
                assertThat(tokens.requests())
                        .containsExactly(
                                "POST identity repository:team/app:pull,push",
                                "POST identity repository:team/app:pull");
                tokens.requests().clear();
                roundTrip(drydock, new RegistryAccess(Map.of(), home, Set.of()), registry.host() + "/public/app:1");
                // Taken over from the other repository: that one must be readable too.
                assertThat(tokens.requests())
                        .contains("POST identity repository:public/app:pull,push repository:team/app:pull");
            }
            try (Drydock nobody = Drydock.open(
                    temp.resolve("nobody"), new RegistryAccess(Map.of(), temp.resolve("nowhere"), Set.of()))) {
                nobody.pull(ImageRef.parse(registry.host() + "/public/app:1"), Platform.host(), _ -> {});
            }
            assertNowhere(List.of(TokenServer.IDENTITY, "s3cret-password"), List.copyOf(tokens.given()));
        }
    }

    /** No file of the stores holds any of the words. */
    private void assertNowhere(List<String> words, List<String> more) throws IOException {
        Pattern any = Pattern.compile(Stream.concat(words.stream(), more.stream())
                .map(Pattern::quote)
                .reduce((a, b) -> a + "|" + b)
                .orElseThrow());
        try (Stream<Path> all = Files.walk(temp)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(home) && !file.startsWith(temp.resolve("registry"))) {
                    String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                    assertThat(any.matcher(text).find()).as(file.toString()).isFalse();
                }
            }
        }
    }
}
