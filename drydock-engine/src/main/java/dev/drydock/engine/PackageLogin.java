package dev.drydock.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Programs that fetch packages, and the files in which they keep a user's logins. */
public enum PackageLogin {
    /** {@code npmrc}, which pnpm and yarn 1 read, too. */
    NPM("NPM_CONFIG_USERCONFIG", "~/.npmrc", "/dev/drydock/npmrc", "NPM_CONFIG_USERCONFIG"),
    PIP("PIP_CONFIG_FILE", "~/.config/pip/pip.conf:~/.pip/pip.conf", "/dev/drydock/pip.conf", "PIP_CONFIG_FILE"),
    MAVEN(null, "~/.m2/settings.xml", "~/.m2/settings.xml", null),
    CARGO(null, "$CARGO_HOME/credentials.toml:~/.cargo/credentials.toml", "$CARGO_HOME/credentials.toml", null),
    /** What curl, git, pip and Go take logins from. */
    NETRC("NETRC", "~/.netrc", "~/.netrc", null);

    private final @Nullable String hostVariable;
    /** Separated by colons. */
    private final String hostPlaces;

    private final String place;
    private final @Nullable String variable;

    PackageLogin(@Nullable String hostVariable, String hostPlaces, String place, @Nullable String variable) {
        this.hostVariable = hostVariable;
        this.hostPlaces = hostPlaces;
        this.place = place;
        this.variable = variable;
    }

    /** Where it is in a step: absolute, or below {@code ~} or {@code $CARGO_HOME} of the step. */
    String place() {
        return place;
    }

    /** The variable that names the place to the program, null if it needs none. */
    @Nullable
    String variable() {
        return variable;
    }

    /** The user's file on this host, as the program itself would find it; empty if there is none. */
    public Optional<Path> find(Map<String, String> environment) {
        List<String> places = new ArrayList<>(List.of(hostPlaces.split(":", -1)));
        String named = hostVariable == null ? null : environment.get(hostVariable);
        if (named != null && named.startsWith("/")) {
            places.addFirst(named);
        }
        for (String text : places) {
            String path = text.replace("~", environment.getOrDefault("HOME", ""))
                    .replace("$CARGO_HOME", environment.getOrDefault("CARGO_HOME", ""));
            if (path.startsWith("/") && Files.isRegularFile(Path.of(path))) {
                return Optional.of(Path.of(path));
            }
        }
        return Optional.empty();
    }

    /** As the command line names it: {@code npm}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
