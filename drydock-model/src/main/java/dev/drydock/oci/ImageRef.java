package dev.drydock.oci;

import dev.drydock.fault.UserFault;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A normalised image name: domain, path, and a tag, a digest or both. No other layer ever sees the user's string.
 *
 * @param domain registry host with its port, for example {@code docker.io}
 * @param path repository path, for example {@code library/alpine}
 * @see <a href="https://pkg.go.dev/github.com/distribution/reference">the grammar</a>
 */
public record ImageRef(
        String domain,
        String path,
        @Nullable String tag,
        @Nullable Digest digest) implements Comparable<ImageRef> {
    private static final String DEFAULT_DOMAIN = "docker.io";
    private static final String OLD_DOMAIN = "index.docker.io";
    private static final String OFFICIAL = "library/";
    private static final int MAX_PATH = 255;
    private static final Pattern DOMAIN = Pattern.compile(
            "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
                    + "|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
    private static final Pattern PATH =
            Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final String FORM =
            "Write [registry/]repository[:tag]: lower-case letters and digits with . _ - between"
                    + " them, then a tag of at most 128 letters, digits and . _ -.";
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
    private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");

    /**
     * Reads a name as people type it. Neither tag nor digest is added.
     *
     * @throws UserFault worded as Docker words it: {@code invalid reference format…}
     */
    public static ImageRef parse(String text) {
        if (BARE_ID.matcher(text).matches()) {
            throw new UserFault("invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
        }
        if (text.isEmpty()) {
            throw new UserFault("repository name must have at least one component").hint(FORM);
        }
        String domain = DEFAULT_DOMAIN;
        String rest = text;
        int slash = text.indexOf('/');
        if (slash >= 0 && isDomain(text.substring(0, slash))) {
            String first = text.substring(0, slash);
            domain = first.equals(OLD_DOMAIN) ? DEFAULT_DOMAIN : first;
            rest = text.substring(slash + 1);
        }
        if (domain.equals(DEFAULT_DOMAIN) && rest.indexOf('/') < 0) {
            rest = OFFICIAL + rest;
        }
        refuseCapitals(text, rest.split(":", 2)[0]);
        int at = rest.indexOf('@');
        String digest = at < 0 ? null : rest.substring(at + 1);
        String path = at < 0 ? rest : rest.substring(0, at);
        int colon = path.indexOf(':');
        String tag = colon < 0 ? null : path.substring(colon + 1);
        path = colon < 0 ? path : path.substring(0, colon);
        boolean wellFormed = DOMAIN.matcher(domain).matches()
                && PATH.matcher(path).matches()
                && (tag == null || TAG.matcher(tag).matches())
                && (digest == null || DIGEST.matcher(digest).matches());
        if (!wellFormed) {
            throw invalid();
        }
        if (path.length() > MAX_PATH) {
            throw new UserFault("repository name must not be more than 255 characters");
        }
        return new ImageRef(domain, path, tag, digest == null ? null : digest(digest));
    }

    /** Looked for first, in {@code start}, all that stands between the domain and a colon: so the grammar's own reader does. */
    private static void refuseCapitals(String text, String start) {
        if (!start.toLowerCase(Locale.ROOT).equals(start)) {
            throw invalid(": repository name (" + start + ") must be lowercase")
                    .hint("Write it as " + text.toLowerCase(Locale.ROOT) + ".");
        }
    }

    private static Digest digest(String text) {
        int colon = text.indexOf(':');
        String flaw = Digest.flaw(text.substring(0, colon), text.substring(colon + 1));
        if (flaw != null) {
            throw new UserFault(flaw).hint("Write the whole digest: sha256: and 64 hex digits in lower case.");
        }
        return Digest.parse(text);
    }

    private static boolean isDomain(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
    }

    private static UserFault invalid(String detail) {
        return new UserFault("invalid reference format" + detail);
    }

    private static UserFault invalid() {
        return invalid("").hint(FORM);
    }

    /** This name, with the tag {@code latest} when it has neither tag nor digest. */
    public ImageRef withDefaultTag() {
        return tag == null && digest == null ? new ImageRef(domain, path, "latest", null) : this;
    }

    public Optional<String> tagIfAny() {
        return Optional.ofNullable(tag);
    }

    public Optional<Digest> digestIfAny() {
        return Optional.ofNullable(digest);
    }

    /** Domain and path: the name without tag and digest, in full. */
    public String repository() {
        return domain + "/" + path;
    }

    /** The repository as people write it: without {@code docker.io/} and {@code library/}. */
    public String familiarRepository() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return repository();
        }
        if (path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0) {
            String name = path.substring(OFFICIAL.length());
            return BARE_ID.matcher(name).matches() ? path : name; // alone it would be the ID of an image
        }
        int slash = path.indexOf('/');
        // without its domain, a path that begins as a domain does would name another repository
        return slash >= 0 && isDomain(path.substring(0, slash)) ? repository() : path;
    }

    /** The whole name as people write it. */
    public String familiar() {
        return familiarRepository() + suffix();
    }

    private String suffix() {
        return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    @Override
    public int compareTo(ImageRef other) {
        return toString().compareTo(other.toString());
    }

    /** The canonical form: {@code docker.io/library/alpine:3.20}. */
    @Override
    public String toString() {
        return repository() + suffix();
    }
}
