package dev.drydock.source;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.registry.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs git so that nothing but its arguments decides what it does: no configuration of the system, the user or a
 * repository, no hooks, no prompts, few protocols. What is secret goes through the environment, never through arguments.
 * A run ends with this process, however that ends.
 */
final class GitCommand {
    /**
     * Files are made with the usual modes whatever the caller's mask is. Standard input stays open as long as this process
     * lives; when it closes, the whole process group goes.
     */
    private static final String SCRIPT = """
            umask 022
            exec 3<&0
            git "$@" </dev/null 3<&- &
            git=$!
            { cat <&3; kill -9 0; } >/dev/null 2>&1 &
            watch=$!
            exec 3<&-
            wait "$git"
            code=$?
            kill -9 "$watch"
            exit "$code"
            """;

    /** Of an address in what git says: those of submodules may hold passwords, too. */
    private static final Pattern USER = Pattern.compile("://[^/@\\s'\"]*@");

    private static final int MOST_SAID = 64 * 1024;
    /** Over http git gives up by itself and says why. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final String STANDS_STILL = "the server stopped sending";

    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> configuration = new LinkedHashMap<>();
    private final List<String> secrets = new ArrayList<>();
    private final Duration patience;

    /**
     * Git for one repository.
     *
     * @param home an empty directory, which git takes for the user's
     * @param inherited the caller's environment, of which only the path and the proxies are kept
     */
    GitCommand(Path home, Map<String, String> inherited) {
        inherited.forEach((name, value) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            if (name.equals("PATH") || lower.endsWith("_proxy") || name.startsWith("SSL_CERT_")) {
                environment.put(name, value);
            }
        });
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.toString());
        environment.put("LC_ALL", "C");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_SYSTEM", "/dev/null");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_ATTR_NOSYSTEM", "1");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ALLOW_PROTOCOL", "http:https:git:ssh");
        environment.put("GIT_LFS_SKIP_SMUDGE", "1");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_SSH_COMMAND", ssh(home, inherited));
        configuration.put("core.hooksPath", "/dev/null");
        configuration.put("core.fsmonitor", "false");
        configuration.put("core.autocrlf", "false");
        configuration.put("core.fileMode", "true");
        configuration.put("core.symlinks", "true");
        configuration.put("credential.helper", "");
        configuration.put("gc.auto", "0");
        configuration.put("maintenance.auto", "false");
        configuration.put("advice.detachedHead", "false");
        configuration.put("init.defaultBranch", "main");
        configuration.put("init.templateDir", "");
        configuration.put("protocol.version", "2");
        // as long as for other servers; git itself would wait for ever
        configuration.put("http.lowSpeedLimit", "1");
        patience = WebClient.patience(inherited);
        configuration.put("http.lowSpeedTime", Long.toString(patience.toSeconds()));
    }

    /**
     * Servers that the user knows must be who they were; unknown ones are accepted for this run, as there is nobody to
     * ask. The user's own keys and configuration are not touched.
     */
    private static String ssh(Path home, Map<String, String> inherited) {
        String user = inherited.get("HOME");
        String known = "\"" + home.resolve("known_hosts") + "\""
                + (user == null || user.indexOf('"') >= 0 ? "" : " \"" + user + "/.ssh/known_hosts\"");
        return "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o IdentityFile=none"
                + " -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 -o UserKnownHostsFile='"
                + known.replace("'", "'\\''") + "'";
    }

    /** Lets ssh use an agent. */
    void agent(Path socket) {
        environment.put("SSH_AUTH_SOCK", socket.toString());
    }

    /** Shows a header to a server, and to no other. */
    void authorization(GitRemote remote, String header) {
        configuration.put("http." + remote.server() + ".extraHeader", "Authorization: " + header);
        // git would show it to whatever server it is sent to
        configuration.put("http.followRedirects", "false");
        secrets.add(header);
    }

    /** What a run said and how it ended. */
    record Result(int code, String out, String err) {
        boolean isOk() {
            return code == 0;
        }
    }

    /** Runs git in {@code directory} and waits for it; its failure is thrown. */
    String run(Path directory, String... arguments) throws InterruptedException {
        Result result = attempt(directory, arguments);
        if (!result.isOk()) {
            throw failure(arguments[0], result);
        }
        return result.out();
    }

    /** The fault for a run that failed. */
    RemoteFault failure(String verb, Result result) {
        String said = result.err().strip();
        RemoteFault fault =
                new RemoteFault("git " + verb + ": " + (said.isEmpty() ? "exit code " + result.code() : said));
        if (said.contains("terminal prompts disabled") || said.contains("Authentication failed")) {
            fault.hint("The server wants to know who asks: give a secret GIT_AUTH_TOKEN or GIT_AUTH_HEADER.");
        } else if (said.contains("unable to update url base from redirection") || said.contains("returned error: 30")) {
            fault.hint("It leads to another address, and the secret is for this server: name that other address.");
        } else if (said.contains("Permission denied (publickey")) {
            fault.hint("The server wants a key: let a build see your agent with --ssh default.");
        } else if (said.contains("Operation too slow") || said.equals(STANDS_STILL)) {
            fault.hint(
                    "The server stopped sending: try again, or allow it more time with DRYDOCK_STALL_TIMEOUT=SECONDS.");
        } else if (said.contains("Host key verification failed")) {
            fault.hint("The server's key is not the one in your known_hosts file.");
        } else if (said.contains("transport '") && said.contains("not allowed")) {
            fault.hint("Repositories and submodules come through http, https, git or ssh only.");
        }
        return fault;
    }

    /** Runs git and waits for it, however it ends. */
    Result attempt(Path directory, String... arguments) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("setsid", "-w", "sh", "-c", SCRIPT, "git"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int count = 0;
        for (Map.Entry<String, String> entry : configuration.entrySet()) {
            builder.environment().put("GIT_CONFIG_KEY_" + count, entry.getKey());
            builder.environment().put("GIT_CONFIG_VALUE_" + count, entry.getValue());
            count++;
        }
        builder.environment().put("GIT_CONFIG_COUNT", Integer.toString(count));
        Process process = start(builder);
        try (GitWatch watch = GitWatch.of(process, patience.plus(GRACE))) {
            Said out = Said.of(process.getInputStream());
            Said err = Said.of(process.getErrorStream());
            int code = process.waitFor();
            if (code == 127) {
                throw missing(null);
            }
            String said = redacted(err.text());
            return new Result(code, out.text(), watch.isBroken() ? STANDS_STILL : said);
        } finally {
            close(process);
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw missing(e);
        }
    }

    private static EnvironmentFault missing(@Nullable IOException cause) {
        return new EnvironmentFault("run git: the program git or setsid is not installed", cause)
                .hint("Install git and util-linux to build from repositories.");
    }

    /** Closing its input ends the whole group. */
    private static void close(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly(); // it has ended, most likely
        }
    }

    private String redacted(String text) {
        String shown = USER.matcher(text).replaceAll("://");
        for (String secret : secrets) {
            shown = shown.replace(secret, "****");
        }
        return shown;
    }

    /** Reads a stream to its end on a thread of its own; what is too much is thrown away. */
    private static final class Said {
        private final StringBuilder text = new StringBuilder(); // by itself until the thread has ended
        private final Thread reader;

        private Said(InputStream stream) {
            reader = Thread.ofPlatform().daemon().name("git-output").unstarted(() -> read(stream));
        }

        static Said of(InputStream stream) {
            Said said = new Said(stream);
            said.reader.start();
            return said;
        }

        private void read(InputStream stream) {
            byte[] buffer = new byte[8192];
            try (stream) {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    if (text.length() < MOST_SAID) {
                        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                text.append("(the rest is lost)");
            }
        }

        String text() throws InterruptedException {
            reader.join();
            return text.toString();
        }
    }
}
