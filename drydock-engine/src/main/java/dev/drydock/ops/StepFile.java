package dev.drydock.ops;

import dev.drydock.graph.Op;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.snapshot.LayeredTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A small file that every step of a build sees and nobody else: a login. In memory only, the step's user's, read-only.
 *
 * @param place absolute, or below {@code ~} or {@code $CARGO_HOME} of the step
 * @param variable names the place to programs, null if they know it; where the step sets it, its value is the place
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares secrets
public record StepFile(String place, @Nullable String variable, byte[] content) {
    private static final int OWNER_READS = 0400;
    private static final String CARGO_HOME = "$CARGO_HOME";

    @Override
    public String toString() {
        return "StepFile[" + place + ", ****]";
    }

    /**
     * The mount for a step; empty if the step mounts something there itself, or if the file would be in a directory that
     * is missing and then could not be the user's.
     */
    Optional<ProcessSpec.Bind> bind(Op.Exec op, List<String> env, StepUser user, LayeredTree root) {
        String at = target(env);
        boolean taken = op.mounts().stream().anyMatch(mount -> mount.dest().equals(at));
        String parent = at.substring(0, at.lastIndexOf('/'));
        boolean owned = user.uid() == 0
                || at.startsWith("/dev/")
                || root.lstat(root.resolve(parent)).isPresent();
        return taken || !owned
                ? Optional.empty()
                : Optional.of(new ProcessSpec.Bind.InMemory(at, content, user.uid(), user.gid(), OWNER_READS));
    }

    /** The step's environment with the variable that it does not set itself. */
    List<String> environment(List<String> env) {
        if (variable == null || value(env, variable) != null) {
            return env;
        }
        List<String> all = new ArrayList<>(env);
        all.add(variable + "=" + place);
        return all;
    }

    private String target(List<String> env) {
        String named = variable == null ? null : value(env, variable);
        if (named != null && named.startsWith("/")) {
            return named;
        }
        String home = String.valueOf(value(env, "HOME"));
        if (place.startsWith(CARGO_HOME)) {
            String cargo = value(env, "CARGO_HOME");
            return (cargo == null ? join(home, "/.cargo") : cargo) + place.substring(CARGO_HOME.length());
        }
        return place.startsWith("~") ? join(home, place.substring(1)) : place;
    }

    private static String join(String home, String rest) {
        return home.equals("/") ? rest : home + rest;
    }

    private static @Nullable String value(List<String> env, String name) {
        for (String each : env) {
            if (each.startsWith(name + "=")) {
                return each.substring(name.length() + 1);
            }
        }
        return null;
    }
}
