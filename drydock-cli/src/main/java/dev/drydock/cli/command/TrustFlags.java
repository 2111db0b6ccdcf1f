package dev.drydock.cli.command;

import dev.drydock.engine.PackageLogin;
import dev.drydock.engine.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code --trust}, {@code --logins} and {@code --proxy}, with the variables that stand for them. */
final class TrustFlags {
    private static final List<String> PROXIES =
            List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

    private TrustFlags() {}

    static Trust of(Arguments arguments, Session session) {
        boolean host = false;
        List<Path> certificates = new ArrayList<>();
        for (String text : words(arguments.list("trust"), session.env("DRYDOCK_TRUST"))) {
            switch (text) {
                case "none" -> {
                    host = false;
                    certificates.clear();
                }
                case "host" -> host = true;
                default -> certificates.add(file(text, session));
            }
        }
        return new Trust(host, certificates, logins(arguments, session));
    }

    private static Path file(String text, Session session) {
        Path file = session.directory().resolve(text);
        if (!Files.isRegularFile(file)) {
            throw invalid("trust", text, "must be \"host\", \"none\" or a file of certificates");
        }
        return file;
    }

    private static Map<PackageLogin, Path> logins(Arguments arguments, Session session) {
        Map<PackageLogin, Path> logins = new TreeMap<>();
        for (String text : words(arguments.list("logins"), session.env("DRYDOCK_LOGINS"))) {
            if (text.equals("none")) {
                logins.clear();
                continue;
            }
            boolean known = text.equals("all");
            for (PackageLogin login : PackageLogin.values()) {
                if (text.equals("all") || text.equals(login.toString())) {
                    known = true;
                    Optional<Path> found = login.find(session.environment());
                    found.ifPresent(path -> logins.put(login, path));
                    if (found.isEmpty() && !text.equals("all")) {
                        throw invalid("logins", text, "this user has no such file");
                    }
                }
            }
            if (!known) {
                throw invalid("logins", text, "must be all, none, npm, pip, maven, cargo or netrc");
            }
        }
        return logins;
    }

    /** The flag's words; without the flag those of the variable. */
    private static List<String> words(List<String> flags, @Nullable String variable) {
        List<String> texts = flags.isEmpty() && variable != null ? List.of(variable) : flags;
        List<String> words = new ArrayList<>();
        for (String text : texts) {
            for (String word : text.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        return words;
    }

    /**
     * Adds proxies to build arguments that do not have them: those of Docker's {@code config.json}, for {@code
     * DOCKER_HOST} or else {@code default}; with {@code --proxy host} this environment's, which come first.
     */
    static void addProxies(Map<String, String> buildArgs, Arguments arguments, Session session) {
        String variable = session.env("DRYDOCK_PROXY");
        String source = arguments.value("proxy", variable == null ? "none" : variable);
        switch (source) {
            case "host" -> {
                for (String name : PROXIES) {
                    String lower = session.env(name.toLowerCase(java.util.Locale.ROOT));
                    add(buildArgs, name, lower == null ? session.env(name) : lower);
                }
            }
            case "none" -> {}
            default -> throw invalid("proxy", source, "must be \"host\" or \"none\"");
        }
        UserConfig config = UserConfig.of(session);
        String docker = session.env("DOCKER_HOST");
        Map<String, String> proxies = config.texts("proxies", docker == null ? "default" : docker);
        if (proxies.isEmpty()) {
            proxies = config.texts("proxies", "default");
        }
        add(buildArgs, "HTTP_PROXY", proxies.get("httpProxy"));
        add(buildArgs, "HTTPS_PROXY", proxies.get("httpsProxy"));
        add(buildArgs, "FTP_PROXY", proxies.get("ftpProxy"));
        add(buildArgs, "NO_PROXY", proxies.get("noProxy"));
        add(buildArgs, "ALL_PROXY", proxies.get("allProxy"));
    }

    private static void add(Map<String, String> buildArgs, String name, @Nullable String value) {
        if (value != null && !value.isEmpty() && buildArgs.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
            buildArgs.put(name, value);
        }
    }

    private static UsageError invalid(String flag, String value, String why) {
        return new UsageError(
                "invalid argument \"" + value + "\" for \"--" + flag + "\" flag: " + why,
                UsageError.FLAGS,
                new BuildCommand().spec());
    }
}
