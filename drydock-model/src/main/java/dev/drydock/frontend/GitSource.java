package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sources of ADD that are git repositories: {@code https://host/path.git[#ref[:subdir]]}, {@code git@host:path}, {@code ssh://}, {@code git://}. */
final class GitSource {
    private GitSource() {}

    static boolean isHttp(String source) {
        return source.startsWith("http://") || source.startsWith("https://");
    }

    static boolean isGit(String source) {
        if (source.startsWith("git://") || source.startsWith("ssh://")) {
            return true;
        }
        String remote = remote(source);
        return isHttp(source) ? remote.endsWith(".git") : isScpLike(source);
    }

    /** {@code user@host:path}, and not a local name that happens to have a colon. */
    private static boolean isScpLike(String source) {
        int at = source.indexOf('@');
        int colon = source.indexOf(':', Math.max(at, 0));
        int slash = source.indexOf('/');
        return at > 0 && colon > at + 1 && (slash < 0 || slash > colon);
    }

    private static String remote(String source) {
        int end = source.length();
        int hash = source.indexOf('#');
        int query = source.indexOf('?');
        end = hash < 0 ? end : hash;
        return source.substring(0, query < 0 ? end : Math.min(query, end));
    }

    /** The op; {@code checksum} is the commit that {@code --checksum} asks for. */
    static Op.Git op(String source, boolean keepGitDirectory, @Nullable String checksum) {
        Map<String, String> attributes = new LinkedHashMap<>();
        String ref = "";
        String subdir = null;
        int hash = source.indexOf('#');
        if (hash >= 0) {
            String fragment = source.substring(hash + 1);
            int colon = fragment.indexOf(':');
            ref = colon < 0 ? fragment : fragment.substring(0, colon);
            subdir = colon < 0 ? null : fragment.substring(colon + 1);
        }
        boolean keep = keepGitDirectory;
        int query = source.indexOf('?');
        if (query >= 0 && (hash < 0 || query < hash)) {
            for (String pair : source.substring(query + 1, hash < 0 ? source.length() : hash)
                    .split("&", -1)) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                switch (key) {
                    case "ref", "tag", "branch" -> ref = value;
                    case "subdir" -> subdir = value;
                    case "keep-git-dir" -> keep |= value.isEmpty() || value.equals("true") || value.equals("1");
                    case "checksum", "commit" -> attributes.put("git.checksum", value);
                    case "submodules" -> attributes.put("git.submodules", value);
                    default ->
                        throw new UserFault("unexpected query \"" + key + "\"")
                                .hint(
                                        "A git source takes ref, tag, branch, subdir, checksum, keep-git-dir and submodules.");
                }
            }
        }
        if (keep) {
            attributes.put("git.keepgitdir", "true");
        }
        if (checksum != null && !checksum.isEmpty()) {
            attributes.put("git.checksum", checksum);
        }
        return new Op.Git(remote(source), ref, subdir == null || subdir.isEmpty() ? null : subdir, attributes);
    }
}
