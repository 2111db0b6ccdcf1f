package dev.drydock.cli.command;

import dev.drydock.engine.NamedSource;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.frontend.NamedContexts;
import dev.drydock.oci.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@code --build-context name=value} says. */
final class NamedContextFlags {
    private static final String IMAGE = "docker-image://";
    private static final String LAYOUT = "oci-layout://";

    private NamedContextFlags() {}

    static SortedMap<String, NamedSource> of(Arguments arguments, Session session) {
        SortedMap<String, NamedSource> contexts = new TreeMap<>();
        for (String pair : arguments.list("build-context")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0) {
                throw failed("invalid context value: " + pair + ", expected key=value");
            }
            if (name.isBlank()) {
                throw failed("invalid context name in " + pair + ": it is blank");
            }
            try {
                contexts.put(NamedContexts.key(name), source(name, pair.substring(equals + 1), session));
            } catch (UserFault e) {
                throw new CommandFailed("ERROR: failed to build: " + e.text(), 1, e.hints());
            }
        }
        return contexts;
    }

    private static CommandFailed failed(String message) {
        return new CommandFailed(
                "ERROR: failed to build: " + message,
                1,
                List.of(
                        "Write --build-context name=DIR, an address, docker-image://REFERENCE, or oci-layout://DIR:TAG."));
    }

    /** {@code path[:tag][@digest]}. */
    private static NamedSource layout(String text, Session session) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        Digest digest = at < 0 ? null : digest(text, at);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        Path path = session.directory()
                .resolve(tagged ? named.substring(0, colon) : named)
                .normalize();
        return new NamedSource.Layout(path, tagged ? named.substring(colon + 1) : null, digest);
    }

    private static Digest digest(String text, int at) {
        try {
            return Digest.parse(text.substring(at + 1));
        } catch (UserFault e) {
            throw failed("open OCI layout " + text.substring(0, at) + ": " + e.text());
        }
    }

    private static NamedSource source(String name, String value, Session session) {
        if (value.startsWith(IMAGE)) {
            return new NamedSource.Image(value.substring(IMAGE.length()));
        }
        if (value.startsWith(LAYOUT)) {
            return layout(value.substring(LAYOUT.length()), session);
        }
        Path path = session.directory().resolve(value).normalize();
        if (Files.isDirectory(path)) {
            return new NamedSource.Directory(path);
        }
        if (GitSource.isGit(value)) {
            return new NamedSource.Repository(GitSource.parse(value));
        }
        if (value.startsWith("http://") || value.startsWith("https://")) {
            return new NamedSource.Web(value);
        }
        throw failed("failed to get build context " + name + ": stat " + value + ": no such file or directory");
    }
}
