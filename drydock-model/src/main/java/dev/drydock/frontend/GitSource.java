package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository as a source: {@code https://host/path.git[?query][#ref[:subdir]]}, {@code git@host:path}, {@code
 * ssh://}, {@code git://}. What the query and the fragment both say must agree.
 *
 * @param ref branch, tag, {@code refs/…} or commit; empty for the default branch
 * @param attributes as the op has them
 */
public record GitSource(String remote, String ref, @Nullable String subdir, SortedMap<String, String> attributes) {
    /** Keep {@code .git}. */
    public static final String KEEP_GIT_DIRECTORY = "git.keepgitdir";
    /** The commit, or its beginning, that the ref must lead to. */
    public static final String CHECKSUM = "git.checksum";
    /** {@code false}: without submodules. */
    public static final String SUBMODULES = "git.submodules";
    /** {@code commit}: files get the time of the commit. */
    public static final String TIMES = "git.mtime";
    /** Fetch the commit without asking where the ref is. */
    public static final String BY_COMMIT = "git.fetchbycommit";

    private static final Pattern SCP_LIKE =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*@[A-Za-z0-9.][A-Za-z0-9.-]*:.*", Pattern.DOTALL);
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern FULL_COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern BAD_REF = Pattern.compile("^[-+]|[\\x00- ~^:?*\\[\\\\\\x7f]|\\.\\.|@\\{|//|/$");

    public GitSource {
        attributes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        if (BAD_REF.matcher(ref).find()) {
            throw new UserFault("invalid git ref " + GoFormat.quoted(ref))
                    .hint("Name a branch, a tag or a full commit hash after #.");
        }
    }

    static boolean isHttp(String source) {
        return source.regionMatches(true, 0, "http://", 0, 7) || source.regionMatches(true, 0, "https://", 0, 8);
    }

    /** Whether the text names a repository and not a file of a web server or a local path. */
    public static boolean isGit(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        if (lower.startsWith("git://") || lower.startsWith("ssh://")) {
            return true;
        }
        return isHttp(source)
                ? remoteOf(source).endsWith(".git")
                : SCP_LIKE.matcher(source).matches();
    }

    /** Whether the repository is behind ssh. */
    public boolean isSsh() {
        return remote.regionMatches(true, 0, "ssh://", 0, 6) || !remote.contains("://");
    }

    private static String remoteOf(String source) {
        int hash = source.indexOf('#');
        String whole = hash < 0 ? source : source.substring(0, hash);
        int query = whole.indexOf('?');
        return query < 0 ? whole : whole.substring(0, query);
    }

    /**
     * Reads a source that {@link #isGit}.
     *
     * @throws UserFault if its query is not understood or contradicts the fragment
     */
    public static GitSource parse(String source) {
        int hash = source.indexOf('#');
        String fragment = hash < 0 ? "" : source.substring(hash + 1);
        fragment = source.contains("://") ? PercentEncoding.decode(fragment) : fragment;
        int colon = fragment.indexOf(':');
        String ref = colon < 0 ? fragment : fragment.substring(0, colon);
        String subdir = colon < 0 ? "" : inside(fragment.substring(colon + 1));
        String whole = hash < 0 ? source : source.substring(0, hash);
        int query = whole.indexOf('?');
        Query asked = Query.parse(query < 0 ? "" : whole.substring(query + 1));
        ref = agreed("ref", ref, asked.ref());
        subdir = inside(agreed("subdir", subdir, asked.value("subdir")));
        GitSource parsed = new GitSource(remoteOf(source), ref, subdir.isEmpty() ? null : subdir, asked.attributes());
        parsed.checkByCommit();
        return parsed;
    }

    /** A path that leads nowhere but into the repository. */
    private static String inside(String path) {
        return UnixPath.clean(path).substring(1);
    }

    private static String agreed(String what, String fragment, String query) {
        if (!fragment.isEmpty() && !query.isEmpty() && !fragment.equals(query)) {
            throw new UserFault(what + " conflicts: " + GoFormat.quoted(fragment) + " vs " + GoFormat.quoted(query));
        }
        return fragment.isEmpty() ? query : fragment;
    }

    private void checkByCommit() {
        String checksum = attributes.getOrDefault(CHECKSUM, "");
        String commit = checksum.isEmpty() ? ref : checksum;
        if (attributes.containsKey(BY_COMMIT) && !FULL_COMMIT.matcher(commit).matches()) {
            throw new UserFault("fetch-by-commit requires a full commit SHA checksum, got " + GoFormat.quoted(commit));
        }
    }

    /** The same source with {@code .git}. */
    public GitSource keepingGitDirectory() {
        return with(KEEP_GIT_DIRECTORY, "true");
    }

    /** The same source, whose files have the time of the commit. */
    public GitSource withCommitTimes() {
        return with(TIMES, "commit");
    }

    /** The same source, which must lead to a commit that begins so. */
    public GitSource withChecksum(String checksum) {
        String before = attributes.get(CHECKSUM);
        String commit = commit(checksum);
        return with(CHECKSUM, before == null ? commit : agreed("checksum", before, commit));
    }

    private GitSource with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(attributes);
        more.put(name, value);
        return new GitSource(remote, ref, subdir, more);
    }

    private static String commit(String checksum) {
        if (!HEX.matcher(checksum).matches()) {
            throw new UserFault("invalid checksum " + checksum + " for Git URL, expected hex commit hash");
        }
        return checksum.toLowerCase(Locale.ROOT);
    }

    /** As an op. */
    public Op.Git op() {
        return new Op.Git(remote, ref, subdir, attributes);
    }

    /** The part after the question mark: each key once, with a value where it needs one. */
    private record Query(Map<String, String> values) {
        private static final List<String> FLAGS = List.of("keep-git-dir", "submodules", "fetch-by-commit");
        private static final List<String> KEYS =
                List.of("ref", "branch", "tag", "subdir", "checksum", "commit", "mtime");

        static Query parse(String query) {
            Map<String, String> values = new LinkedHashMap<>();
            for (String pair : query.isEmpty() ? List.<String>of() : List.of(query.split("&", -1))) {
                int equals = pair.indexOf('=');
                String key = PercentEncoding.decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0
                        ? ""
                        : PercentEncoding.decode(pair.substring(equals + 1).replace('+', ' '));
                if (value.isEmpty() && !FLAGS.contains(key)) {
                    throw new UserFault("query " + GoFormat.quoted(key) + " has no value");
                }
                if (!KEYS.contains(key) && !FLAGS.contains(key)) {
                    List<String> known = new ArrayList<>(KEYS);
                    known.addAll(FLAGS);
                    throw new UserFault("unexpected query " + GoFormat.quoted(key))
                            .hint("A git source takes " + String.join(", ", known) + ".");
                }
                if (values.put(key, FLAGS.contains(key) ? truth(key, value) : value) != null) {
                    throw new UserFault("query " + GoFormat.quoted(key) + " has multiple values");
                }
            }
            return new Query(values);
        }

        private static String truth(String key, String value) {
            return switch (value) {
                case "", "1", "t", "T", "true", "TRUE", "True" -> "true";
                case "0", "f", "F", "false", "FALSE", "False" -> "false";
                default ->
                    throw new UserFault("invalid " + key + " value: " + GoFormat.quoted(value))
                            .hint("Write true or false.");
            };
        }

        String value(String key) {
            return values.getOrDefault(key, "");
        }

        /** A branch or a tag in full, if it is not already. */
        private String full(String key, String prefix) {
            String name = value(key);
            return name.isEmpty() || name.startsWith(prefix) ? name : prefix + name;
        }

        String ref() {
            String branch = full("branch", "refs/heads/");
            String tag = full("tag", "refs/tags/");
            if (!branch.isEmpty() && !tag.isEmpty()) {
                throw new UserFault("branch conflicts with tag");
            }
            return agreed("ref", value("ref"), branch.isEmpty() ? tag : branch);
        }

        SortedMap<String, String> attributes() {
            SortedMap<String, String> attributes = new TreeMap<>();
            String checksum = agreed("checksum", value("checksum"), value("commit"));
            if (!checksum.isEmpty()) {
                attributes.put(CHECKSUM, commit(checksum));
            }
            if (value("keep-git-dir").equals("true")) {
                attributes.put(KEEP_GIT_DIRECTORY, "true");
            }
            if (value("submodules").equals("false")) {
                attributes.put(SUBMODULES, "false");
            }
            if (value("fetch-by-commit").equals("true")) {
                attributes.put(BY_COMMIT, "true");
            }
            switch (value("mtime")) {
                case "", "checkout" -> {}
                case "commit" -> attributes.put(TIMES, "commit");
                default ->
                    throw new UserFault("invalid mtime value: " + GoFormat.quoted(value("mtime"))
                            + " (must be \"checkout\" or \"commit\")");
            }
            return attributes;
        }
    }
}
