package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program {@code docker-credential-<name>} that keeps credentials.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers">its protocol</a>
 */
final class CredentialHelper {
    private static final String NONE = "credentials not found in native keychain";
    private static final String TOKEN_USER = "<token>";
    private static final long PATIENCE_SECONDS = 60;

    private final String program;
    private final Map<String, String> environment;

    CredentialHelper(String name, Map<String, String> environment) {
        this.program = "docker-credential-" + name;
        this.environment = environment;
    }

    Optional<Credential> get(String server) throws InterruptedException {
        Answer answer = run("get", server);
        if (answer.code != 0) {
            if (answer.out.strip().equals(NONE)) {
                return Optional.empty();
            }
            throw failed("get credentials of " + server, answer);
        }
        try {
            if (JsonValue.parse(answer.out.getBytes(StandardCharsets.UTF_8)) instanceof JsonValue.Obj found
                    && found.get("Secret") instanceof JsonValue.Text(String secret)) {
                String user = found.get("Username") instanceof JsonValue.Text(String name) ? name : "";
                if (user.isEmpty() && secret.isEmpty()) {
                    return Optional.empty();
                }
                return Optional.of(
                        user.equals(TOKEN_USER)
                                ? new Credential.IdentityToken(secret)
                                : new Credential.Password(user, secret));
            }
        } catch (CorruptData notJson) {
            // said below, without the words: they may hold the secret
        }
        throw new EnvironmentFault("get credentials of " + server + ": " + program + " answered with no credentials");
    }

    void store(String server, Credential credential) throws InterruptedException {
        JsonValue.Members members = JsonValue.object().put("ServerURL", server);
        switch (credential) {
            case Credential.Password(String user, String secret) ->
                members.put("Username", user).put("Secret", secret);
            case Credential.IdentityToken(String token) ->
                members.put("Username", TOKEN_USER).put("Secret", token);
            case Credential.RegistryToken _, Credential.Anonymous _ ->
                throw new IllegalArgumentException("helpers keep passwords and identity tokens");
        }
        Answer answer = run("store", members.build().compact());
        if (answer.code != 0) {
            throw failed("store credentials of " + server, answer);
        }
    }

    void erase(String server) throws InterruptedException {
        Answer answer = run("erase", server);
        if (answer.code != 0 && !answer.out.strip().equals(NONE)) {
            throw failed("erase credentials of " + server, answer);
        }
    }

    private EnvironmentFault failed(String what, Answer answer) {
        return new EnvironmentFault(what + ": " + program + " ended with exit code " + answer.code)
                .hint("Run it by hand to see why: echo SERVER | " + program + " get");
    }

    private record Answer(int code, String out) {}

    private Answer run(String verb, String input) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program(), verb).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new EnvironmentFault("run " + program + ": it is not installed", e)
                    .hint("Install it, or take its name out of credsStore or credHelpers in Docker's config.json.");
        }
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
                in.write('\n');
            } catch (IOException e) {
                // It did not read: its exit code tells whether that was right.
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new EnvironmentFault("run " + program + ": no answer for " + PATIENCE_SECONDS + " s");
            }
            return new Answer(process.exitValue(), out);
        } catch (IOException e) {
            throw new EnvironmentFault("run " + program + ": " + e.getMessage(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Looked up in the path of the given environment, which tests set; the JDK looks in its own process's. */
    private String program() {
        String path = environment.getOrDefault("PATH", "");
        for (String directory : path.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (java.nio.file.Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return program;
    }
}
