package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The named contexts of a build. They stand before stages and images of the same name; {@code name::os/arch} stands before
 * {@code name} where that platform is built.
 */
public record NamedContexts(SortedMap<String, NamedContext> byName) {
    /** The caller gave none. */
    public static final NamedContexts NONE = new NamedContexts(new TreeMap<>());

    private static final String PLATFORM = "::";

    public NamedContexts {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    /**
     * A name as contexts are found by it: as image names are, lower case, without {@code :latest}.
     *
     * @throws UserFault if it cannot be a name
     */
    public static String key(String name) {
        int at = name.indexOf(PLATFORM);
        String plain = at < 0 ? name : name.substring(0, at);
        try {
            return familiar(plain.toLowerCase(Locale.ROOT)) + (at < 0 ? "" : name.substring(at));
        } catch (UserFault e) {
            throw new UserFault("invalid context name " + name, e);
        }
    }

    private static String familiar(String name) {
        String familiar = ImageRef.parse(name).familiar();
        return familiar.endsWith(":latest") ? familiar.substring(0, familiar.length() - 7) : familiar;
    }

    /** What a name means that somebody wrote in a Dockerfile, and how the context is called. */
    Optional<Named> find(String written, Platform platform) {
        if (byName.isEmpty()) {
            return Optional.empty();
        }
        String key;
        try {
            key = familiar(written);
        } catch (UserFault noName) {
            return Optional.empty();
        }
        for (String each : new String[] {key + PLATFORM + platform, key}) {
            NamedContext context = byName.get(each);
            if (context != null) {
                return Optional.of(new Named(each, context));
            }
        }
        return Optional.empty();
    }

    /** A context with its name. */
    record Named(String name, NamedContext context) {
        /** What ops call a directory of the caller's. */
        String localName() {
            return NamedContexts.localName(name);
        }
    }

    /** What ops call the directory behind a name. */
    public static String localName(String name) {
        return "context:" + name;
    }
}
