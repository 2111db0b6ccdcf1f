package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code RUN --mount}, as written: defaults that depend on other things than the type (a secret's target, a
 * cache's ID) are the reader's to fill in.
 *
 * @param from stage, context or image; null for the default of the type
 * @param readOnly as written, else by type: bind, secret and ssh are read-only
 * @param sharing null if not written
 * @param size of a tmpfs in bytes, 0 for no limit
 * @param env the variable that a secret is set in, null if not written
 */
public record MountFlag(
        Type type,
        @Nullable String from,
        @Nullable String source,
        @Nullable String target,
        boolean readOnly,
        @Nullable String id,
        @Nullable Sharing sharing,
        boolean required,
        long size,
        @Nullable Integer mode,
        @Nullable Long uid,
        @Nullable Long gid,
        @Nullable String env) {

    public enum Type {
        BIND,
        CACHE,
        TMPFS,
        SECRET,
        SSH;

        /** As it is written in a Dockerfile. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Sharing {
        SHARED,
        PRIVATE,
        LOCKED
    }

    static final List<String> KEYS = List.of(
            "type",
            "from",
            "source",
            "target",
            "readonly",
            "id",
            "sharing",
            "required",
            "size",
            "mode",
            "uid",
            "gid",
            "env",
            "src",
            "dst",
            "destination",
            "ro",
            "rw",
            "readwrite");

    /**
     * Reads a mount. {@code expander} expands the variables of one value; it is not asked for {@code from}.
     *
     * @throws UserFault without place, or what {@code expander} throws
     */
    public static MountFlag parse(String csv, UnaryOperator<String> expander) {
        MountReader reader = new MountReader();
        for (String field : Csv.record(csv)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (equals < 0) {
                reader.bare(key, field);
            } else if (key.equals("from")) {
                reader.pair(key, checkedFrom(field.substring(equals + 1)), field);
            } else {
                reader.pair(key, expander.apply(field.substring(equals + 1)), field);
            }
        }
        return reader.mount();
    }

    /** The stage, context or image that a mount as written names, null for none; it never has variables. */
    public static @Nullable String from(String csv) {
        String from = null;
        for (String field : Csv.record(csv)) {
            int equals = field.indexOf('=');
            if (equals >= 0 && field.substring(0, equals).equalsIgnoreCase("from")) {
                from = checkedFrom(field.substring(equals + 1));
            }
        }
        return from == null || from.isEmpty() ? null : from;
    }

    /** What can be said before variables are known: the CSV is well-formed and {@code from} has no variable. */
    static void check(String csv) {
        String _ = from(csv);
    }

    private static String checkedFrom(String value) {
        int dollar = value.indexOf('$');
        if (dollar >= 0 && dollar + 1 < value.length()) {
            throw new UserFault("'from' doesn't support variable expansion, define alias stage instead").about(value);
        }
        return value;
    }
}
