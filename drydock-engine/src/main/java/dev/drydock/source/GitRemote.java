package dev.drydock.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a repository. Its {@link #url} is safe to show and to give to git as an argument: a user and a password
 * of a web address are kept apart.
 *
 * @param host host and port, lower case
 * @param user {@code user:password} of a web address as it was written, null for none
 */
record GitRemote(String url, String host, @Nullable String user) {
    static GitRemote parse(String remote) {
        int scheme = remote.indexOf("://");
        if (scheme < 0) {
            String rest = remote.substring(remote.indexOf('@') + 1);
            return new GitRemote(remote, lower(rest.substring(0, Math.max(0, rest.indexOf(':')))), null);
        }
        int start = scheme + 3;
        int slash = remote.indexOf('/', start);
        int end = slash < 0 ? remote.length() : slash;
        int at = remote.lastIndexOf('@', end - 1);
        String host = lower(remote.substring(Math.max(start, at + 1), end));
        String name = remote.substring(0, scheme).toLowerCase(Locale.ROOT);
        boolean web = name.equals("http") || name.equals("https");
        if (!web) {
            // Neither protocol takes a password: one that was written there is not told to anybody.
            String user = at < start ? "" : remote.substring(start, at).replaceFirst(":.*", "") + "@";
            return new GitRemote(name + "://" + user + remote.substring(Math.max(start, at + 1)), host, null);
        }
        return new GitRemote(
                name + "://" + host + remote.substring(end), host, at < start ? null : remote.substring(start, at));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    boolean isWeb() {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    boolean isSsh() {
        return url.startsWith("ssh://") || !url.contains("://");
    }

    /** The server as git's configuration names it. */
    String server() {
        return url.substring(0, url.indexOf("://") + 3) + host + "/";
    }

    @Override
    public String toString() {
        return url;
    }
}
