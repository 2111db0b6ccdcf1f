package dev.drydock.source;

import dev.drydock.fault.UserFault;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a file on a web server. A user and a password that it was written with are kept apart from it, and
 * {@link #toString} is what messages may show: no password, no query.
 *
 * @param uri what is asked for: without user, password and fragment
 * @param user {@code user:password}, as it was written; null for none
 */
record HttpAddress(URI uri, @Nullable String user) {
    private static final String ESCAPED = " \"<>\\^`{|}[]";

    /** Reads an address as browsers do: what an address may not hold is escaped, not refused. */
    static HttpAddress parse(String text) {
        String address = text.indexOf('#') < 0 ? text : text.substring(0, text.indexOf('#'));
        int start = address.indexOf("://") + 3;
        int end = start;
        while (end < address.length() && "/?".indexOf(address.charAt(end)) < 0) {
            end++;
        }
        int at = address.lastIndexOf('@', end - 1);
        String user = at < start ? null : address.substring(start, at);
        String host = address.substring(Math.max(start, at + 1), end);
        try {
            URI uri = new URI(address.substring(0, start).toLowerCase(Locale.ROOT) + host + escaped(address, end));
            if (uri.getHost() == null) {
                throw new UserFault("invalid URL " + shown(uri) + ": it names no host");
            }
            return new HttpAddress(uri, user);
        } catch (URISyntaxException e) {
            throw new UserFault("invalid URL of host " + host + ": " + e.getReason(), e);
        }
    }

    private static String escaped(String text, int from) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (byte b : text.substring(from).getBytes(StandardCharsets.UTF_8)) {
            if (b <= ' ' || b == 0x7f || ESCAPED.indexOf(b) >= 0) {
                escaped.append('%').append(String.format(Locale.ROOT, "%02X", b));
            } else {
                escaped.append((char) b);
            }
        }
        return escaped.toString();
    }

    /** Where an answer sends to. */
    HttpAddress redirected(String location) {
        String absolute = location.startsWith("//") ? uri.getScheme() + ":" + location : location;
        boolean whole =
                absolute.regionMatches(true, 0, "http://", 0, 7) || absolute.regionMatches(true, 0, "https://", 0, 8);
        if (whole) {
            return parse(absolute);
        }
        if (absolute.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
            throw new UserFault("follow redirect of " + this + ": it leads to an address that is not HTTP");
        }
        try {
            return new HttpAddress(uri.resolve(new URI(escaped(absolute, 0))), user);
        } catch (URISyntaxException e) {
            throw new UserFault("follow redirect of " + this + ": it leads to what is no address", e);
        }
    }

    /** Whether what is secret for {@code other} may be told to the server of this one. */
    boolean isSameServerAs(HttpAddress other) {
        boolean downgraded =
                other.uri.getScheme().equals("https") && !uri.getScheme().equals("https");
        return !downgraded && host().equalsIgnoreCase(other.host());
    }

    /** Host, and port where one is written. */
    String host() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static String shown(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getRawAuthority() + path + (uri.getRawQuery() == null ? "" : "?…");
    }

    @Override
    public String toString() {
        return shown(uri);
    }
}
