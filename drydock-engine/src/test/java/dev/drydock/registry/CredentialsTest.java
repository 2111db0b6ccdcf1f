package dev.drydock.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path home;

    private DockerConfig config(Map<String, String> environment) {
        return new DockerConfig(environment, home);
    }

    private void write(String json) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), json);
    }

    /** A helper that keeps its credentials in a file and logs its verbs. */
    private void helper(String name) throws IOException {
        Path program = home.resolve("docker-credential-" + name);
        Files.writeString(program, """
                #!/bin/sh
                dir=$(dirname "$0")
                echo "$1" >> "$dir/verbs"
                case $1 in
                  get) read -r server
                    if [ -r "$dir/kept" ]; then cat "$dir/kept"; else printf 'credentials not found in native keychain\\n'; exit 1; fi ;;
                  store) cat > "$dir/kept" ;;
                  erase) read -r server; rm -f "$dir/kept" ;;
                esac
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Map<String, String> path() {
        return Map.of("PATH", home + ":" + System.getenv("PATH"));
    }

    @Test
    void theFileIsWrittenAsDockerWritesItAndKeepsWhatElseItHolds() throws Exception {
        write("{\"HttpHeaders\": {\"X\": \"y\"}}");

        DockerConfig.Kept kept = config(Map.of()).store("localhost:5002", new Credential.Password("demo", "secret"));

        assertThat(kept).isEqualTo(DockerConfig.Kept.IN_FILE);
        assertThat(home.resolve(".docker/config.json")).hasContent("""
                {
                \t"HttpHeaders": {
                \t\t"X": "y"
                \t},
                \t"auths": {
                \t\t"localhost:5002": {
                \t\t\t"auth": "ZGVtbzpzZWNyZXQ="
                \t\t}
                \t}
                }""");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".docker/config.json"))))
                .isEqualTo("rw-------");
        assertThat(config(Map.of()).find("localhost:5002")).contains(new Credential.Password("demo", "secret"));

        config(Map.of()).erase("localhost:5002");
        assertThat(config(Map.of()).find("localhost:5002")).isEmpty();
    }

    @Test
    void keysAreFoundInEverySpelling() throws Exception {
        write("{\"auths\":{\"https://registry.example.com/v1/\":{\"auth\":\"YTpi\"},"
                + "\"https://index.docker.io/v1/\":{\"auth\":\"aHViOnB3\"}}}");

        assertThat(config(Map.of()).find("registry.example.com")).contains(new Credential.Password("a", "b"));
        assertThat(config(Map.of()).find("docker.io")).contains(new Credential.Password("hub", "pw"));
        assertThat(config(Map.of()).find("registry-1.docker.io")).contains(new Credential.Password("hub", "pw"));
        assertThat(config(Map.of()).find("other.example.com")).isEmpty();
    }

    @Test
    void whatAKilledLoginLeftGoesAndThatOfOthersStays() throws Exception {
        write("{}");
        Path dead = Files.writeString(home.resolve(".docker/.drydock-config-9999999999-1"), "{\"auths\": {}}");
        Path alive = Files.writeString(
                home.resolve(
                        ".docker/.drydock-config-" + ProcessHandle.current().pid() + "-1"),
                "{}");
        Path others = Files.writeString(home.resolve(".docker/config.json123"), "{}");
        config(Map.of()).store("localhost:5002", new Credential.Password("demo", "secret"));
        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        assertThat(others).exists();
    }

    @Test
    void helpersSpeakTheirRealProtocol() throws Exception {
        helper("kept");
        write("{\"credsStore\":\"nosuch\",\"credHelpers\":{\"localhost:5002\":\"kept\"}}");

        assertThat(config(path()).find("localhost:5002")).isEmpty();
        config(path()).store("localhost:5002", new Credential.Password("demo", "secret"));
        assertThat(Files.readString(home.resolve("kept")).strip())
                .isEqualTo("{\"ServerURL\":\"localhost:5002\",\"Username\":\"demo\",\"Secret\":\"secret\"}");
        assertThat(config(path()).find("localhost:5002")).contains(new Credential.Password("demo", "secret"));
        assertThat(Files.readString(home.resolve(".docker/config.json"))).doesNotContain("secret");
        config(path()).erase("localhost:5002");
        assertThat(home.resolve("kept")).doesNotExist();
        assertThat(Files.readAllLines(home.resolve("verbs"))).isEqualTo(List.of("get", "store", "get", "erase"));
    }

    @Test
    void aHelpersTokenIsAnIdentityToken() throws Exception {
        helper("kept");
        write("{\"credsStore\":\"kept\"}");
        Files.writeString(home.resolve("kept"), "{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"t\"}");

        assertThat(config(path()).find("registry.example.com")).contains(new Credential.IdentityToken("t"));
    }

    @Test
    void aMissingHelperIsNamedWithWhatToDo() throws Exception {
        write("{\"credsStore\":\"nosuch\"}");

        assertThatThrownBy(() -> config(path()).find("registry.example.com"))
                .isInstanceOfSatisfying(DrydockException.class, fault -> {
                    assertThat(fault.text()).isEqualTo("run docker-credential-nosuch: it is not installed");
                    assertThat(fault.hints()).hasSize(1);
                });
    }

    @Test
    void theEnvironmentComesFirst() throws Exception {
        write("{\"auths\":{\"localhost:5002\":{\"auth\":\"YTpi\"}}}");
        Map<String, String> environment =
                Map.of("DOCKER_AUTH_CONFIG", "{\"auths\":{\"localhost:5002\":{\"auth\":\"ZW52OnNlY3JldA==\"}}}");

        assertThat(config(environment).find("localhost:5002")).contains(new Credential.Password("env", "secret"));
        Path other = Files.createDirectories(home.resolve("other"));
        assertThat(config(Map.of("DOCKER_CONFIG", other.toString())).find("localhost:5002"))
                .isEmpty();
    }

    @Test
    void damagedCredentialsAreNeverQuoted() throws Exception {
        write("{\"auths\":{\"localhost:5002\":{\"auth\":\"c2VjcmV0\"}}}"); // "secret" without a user

        assertThatThrownBy(() -> config(Map.of()).find("localhost:5002"))
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("c2VjcmV0");
        write("{\"auths\": secret");
        assertThatThrownBy(() -> config(Map.of()).find("localhost:5002")).hasMessageNotContaining("secret");
    }

    @Test
    void theRedactorHidesWhatItWasToldAndWhatItDoesNotKnow() {
        Redactor redactor = new Redactor();
        redactor.protect("hunter2");

        assertThat(redactor.text("server says hunter2\r\nis wrong")).isEqualTo("server says xxxxx  is wrong");
        assertThat(redactor.url(URI.create("https://me:pw@host:1/v2/x?scope=a&X-Amz-Signature=abc&t=hunter2")))
                .isEqualTo("https://host:1/v2/x?scope=a&X-Amz-Signature=xxxxx&t=xxxxx");
        assertThat(new Credential.Password("me", "hunter2")).hasToString("Password[user=me]");
    }

    @Test
    void challengesAreReadWithTheirQuotesAndLists() {
        List<Challenge> challenges = Challenge.parse(List.of(
                "Bearer realm=\"https://a/token\",service=\"a,b\", scope=\"repository:x:pull,push\",error=\"x\\\"y\", Basic realm=r",
                "Negotiate"));

        assertThat(challenges).hasSize(3);
        assertThat(challenges.get(0).parameters())
                .containsEntry("service", "a,b")
                .containsEntry("scope", "repository:x:pull,push")
                .containsEntry("error", "x\"y");
        assertThat(challenges.get(1)).isEqualTo(new Challenge("basic", Map.of("realm", "r")));
        assertThat(challenges.get(2).scheme()).isEqualTo("negotiate");
    }

    @Test
    void proxiesFollowTheEnvironmentAndLeaveLoopbackAlone() {
        Proxies proxies = Proxies.of(Map.of(
                "https_proxy", "http://user:p%40ss@proxy:3128", "NO_PROXY", ".corp.example,10.0.0.1,other:5000"));

        assertThat(proxies.select(URI.create("https://registry.example/"))
                        .getFirst()
                        .toString())
                .contains("proxy");
        assertThat(proxies.authorization(URI.create("https://registry.example/")))
                .isEqualTo("Basic dXNlcjpwQHNz");
        for (String direct : List.of(
                "https://a.corp.example/",
                "https://10.0.0.1/",
                "https://other:5000/",
                "https://localhost:5000/",
                "http://registry.example/")) {
            assertThat(proxies.select(URI.create(direct)).getFirst()).as(direct).isEqualTo(java.net.Proxy.NO_PROXY);
        }
    }

    @Test
    void whatIsReachedDirectlyIsReadAsGoReadsIt() {
        Proxies proxies = Proxies.of(
                Map.of("HTTPS_PROXY", "proxy:3128", "NO_PROXY", "corp.example, .only.example,10.1.0.0/16,h:5000"));
        Map<String, Boolean> direct = Map.of(
                "https://corp.example/", true,
                "https://a.corp.example/", true,
                "https://only.example/", false,
                "https://a.only.example/", true,
                "https://10.1.200.3/", true,
                "https://10.2.0.1/", false,
                "https://h:5000/", true,
                "https://h:5001/", false,
                "https://notcorp.example/", false);
        direct.forEach(
                (address, is) -> assertThat(proxies.select(URI.create(address)).getFirst() == java.net.Proxy.NO_PROXY)
                        .as(address)
                        .isEqualTo(is));
        assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", "socks5://me:s3cret@proxy:1080")))
                .hasMessageContaining("socks5://")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aMisspeltSettingIsRefused() throws IOException {
        Path file = home.resolve("registries.json");
        Files.writeString(file, "{\"registries\":{\"a:5000\":{\"insecur\":true}}}");

        assertThatThrownBy(() ->
                        RegistrySettings.load(Map.of("DRYDOCK_REGISTRIES", file.toString()), home, java.util.Set.of()))
                .hasMessage("read " + file + ": registries.a:5000.insecur is no setting");
    }
}
