package dev.drydock.cli.command;

import dev.drydock.engine.BuildRequest;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Annotations;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From the words of {@code drydock build} to a {@link BuildRequest}, with Docker's words for what is wrong. */
final class BuildRequests {
    private BuildRequests() {}

    static BuildRequest of(Arguments arguments, Session session) {
        Map<String, String> buildArgs = buildArgs(arguments, session);
        if (arguments.isOn("no-cache") && arguments.has("no-cache-filter")) {
            throw failed("--no-cache and --no-cache-filter cannot currently be used together");
        }
        List<ImageRef> tags = new ArrayList<>();
        for (String tag : arguments.list("tag")) {
            tags.add(tag(tag));
        }
        Set<String> noCacheStages = new LinkedHashSet<>();
        for (String stages : arguments.list("no-cache-filter")) {
            noCacheStages.addAll(List.of(stages.split(",")));
        }
        String target = arguments.value("target");
        BuildSources sources = BuildSources.of(arguments, session);
        return new BuildRequest(
                sources.context(),
                sources.dockerfile(),
                NamedContextFlags.of(arguments, session),
                tags,
                buildArgs,
                labels(arguments),
                annotations(arguments),
                target == null || target.isEmpty() ? null : target,
                arguments.isOn("no-cache"),
                noCacheStages,
                platform(arguments, session),
                StepFlags.of(arguments, session, sources.context()),
                arguments.isOn("pull") ? BuildRequest.Pull.ALWAYS : BuildRequest.Pull.MISSING,
                OutputFlags.of(arguments, session));
    }

    private static CommandFailed failed(String message) {
        return new CommandFailed("ERROR: failed to build: " + message);
    }

    private static ImageRef tag(String text) {
        ImageRef name;
        try {
            name = ImageRef.parse(text);
        } catch (UserFault e) {
            if (e.text().startsWith("invalid repository name")) {
                throw failed("failed to solve: " + e.text());
            }
            String reason = e.text().contains("must be lowercase") ? "repository name must be lowercase" : e.text();
            throw new CommandFailed("ERROR: failed to build: invalid tag \"" + text + "\": " + reason, 1, e.hints());
        }
        if (name.digest() != null) {
            throw failed("failed to solve: build tag cannot contain a digest");
        }
        return name.withDefaultTag();
    }

    /** An argument without a value takes the environment's, and is left out where that has none. */
    private static Map<String, String> buildArgs(Arguments arguments, Session session) {
        Map<String, String> args = new LinkedHashMap<>();
        String epoch = session.environment().get("SOURCE_DATE_EPOCH");
        if (epoch != null) {
            args.put("SOURCE_DATE_EPOCH", epoch);
        }
        for (String pair : arguments.list("build-arg")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (key.isEmpty()) {
                throw new CommandFailed("ERROR: invalid key-value pair \"" + pair + "\": empty key");
            }
            String value = equals < 0 ? session.environment().get(key) : pair.substring(equals + 1);
            if (value != null) {
                args.put(key, value);
            }
        }
        TrustFlags.addProxies(args, arguments, session);
        return args;
    }

    private static Map<String, String> labels(Arguments arguments) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : arguments.list("label")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (key.isEmpty()) {
                throw new CommandFailed("ERROR: invalid key-value pair \"" + pair + "\": empty key");
            }
            labels.put(key, equals < 0 ? "" : pair.substring(equals + 1));
        }
        return labels;
    }

    private static Annotations annotations(Arguments arguments) {
        try {
            return Annotations.ofFlags(arguments.list("annotation"));
        } catch (UserFault e) {
            throw new CommandFailed("ERROR: failed to build: parse annotations: " + e.text(), 1, e.hints());
        }
    }

    private static Platform platform(Arguments arguments, Session session) {
        String text = arguments.value("platform");
        if (text == null) {
            text = session.env("DOCKER_DEFAULT_PLATFORM");
        }
        Platform host = Platform.host();
        if (text == null || text.equals("local")) {
            return host;
        }
        Platform wanted;
        try {
            wanted = Platform.parse(text);
        } catch (UserFault e) {
            throw new CommandFailed("ERROR: failed to build: " + e.text(), 1, e.hints());
        }
        if (!wanted.equals(host)) {
            throw new CommandFailed(
                    "ERROR: failed to build: build for platform " + wanted + ": this host runs " + host + " only",
                    1,
                    List.of("Leave out --platform, or build on a host of that platform."));
        }
        return host;
    }
}
