package dev.drydock.source;

import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.graph.Op;
import dev.drydock.linux.Directory;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.TreeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out where refs of git repositories are, and checks commits out, shallow where the server can do that. */
public final class GitRepositories {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private final Secrets secrets;
    private final Agent agent;
    private final Map<String, String> environment;
    private final Path tmp;

    /**
     * Repositories for one build.
     *
     * @param agent the ssh agent that may be used
     * @param environment the caller's: git is looked for on its path
     * @param tmp where clones lie until they are done with
     */
    public GitRepositories(Secrets secrets, Agent agent, Map<String, String> environment, Path tmp) {
        this.secrets = secrets;
        this.agent = agent;
        this.environment = Map.copyOf(environment);
        this.tmp = tmp;
    }

    /** An ssh agent that a caller lets servers of repositories see. */
    @FunctionalInterface
    public interface Agent {
        /** There is none. */
        Agent NONE = Optional::empty;

        /** Where it listens; asked when a server of ssh is, and not before. */
        Optional<Path> socket() throws InterruptedException;
    }

    /**
     * What a ref is today.
     *
     * @param ref its full name, or the commit itself
     */
    public record Commit(String hash, String ref) {}

    /**
     * Asks which commit a source is.
     *
     * @throws RemoteFault if the server cannot be asked, or has no such ref
     * @throws UserFault if it is another commit than the source says
     */
    public Commit resolve(Op.Git source) throws InterruptedException {
        String checksum = source.attributes().getOrDefault(GitSource.CHECKSUM, "");
        if (source.attributes().containsKey(GitSource.BY_COMMIT)) {
            String commit = checksum.isEmpty() ? source.ref() : checksum;
            return new Commit(commit, source.ref().isEmpty() ? commit : source.ref());
        }
        if (COMMIT.matcher(source.ref()).matches()) {
            check(source, checksum, source.ref(), source.ref());
            return new Commit(source.ref(), source.ref());
        }
        GitRemote remote = GitRemote.parse(source.remote());
        String ref = source.ref().isEmpty() ? "HEAD" : source.ref();
        Path home = directory();
        try {
            String listed = git(remote, home).run(home, "ls-remote", "--", remote.url(), ref, ref + "^{}");
            return find(source, ref, listed, checksum);
        } finally {
            remove(home);
        }
    }

    /** As git-checkout does, a branch is preferred to a tag of the same name. */
    private static Commit find(Op.Git source, String ref, String listed, String checksum) {
        Map<String, String> refs = new HashMap<>();
        for (String line : listed.split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                refs.put(line.substring(tab + 1), line.substring(0, tab));
            }
        }
        String bare = ref.startsWith("refs/") ? ref.substring("refs/".length()) : ref;
        for (String name : new String[] {"refs/heads/" + ref, "refs/tags/" + ref, "refs/" + bare, ref}) {
            String object = refs.get(name);
            if (object != null) {
                String commit = refs.getOrDefault(name + "^{}", object);
                check(source, checksum, commit, object);
                return new Commit(commit, name);
            }
        }
        RemoteFault fault =
                new RemoteFault("repository does not contain ref " + ref + ", output: \"" + listed.strip() + "\"");
        throw ref.matches("[0-9a-f]{4,63}")
                ? fault.hint("A shortened commit hash is not a ref: write all of it, or name a branch or tag.")
                : fault.hint("Check that " + GitRemote.parse(source.remote()) + " has that branch or tag.");
    }

    private static void check(Op.Git source, String checksum, String commit, String object) {
        if (!commit.startsWith(checksum) && !object.startsWith(checksum)) {
            throw new UserFault("expected checksum to match " + checksum + ", got " + commit)
                    .hint("The ref " + (source.ref().isEmpty() ? "HEAD" : source.ref())
                            + " is another commit now. If that is right, change the checksum.");
        }
    }

    /**
     * Checks a commit out.
     *
     * @param into an empty directory on the file system of {@code tmp}; it becomes the tree of the commit, or the
     *     subdirectory that the source names
     */
    public void checkOut(Op.Git source, Commit commit, Path into) throws InterruptedException {
        GitRemote remote = GitRemote.parse(source.remote());
        Path home = directory();
        try {
            Path work = Files.createDirectory(home.resolve("work"));
            new GitCheckout(git(remote, home), remote, commit, work).run(source.attributes());
            Files.move(subdirectory(source, work), into, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Disk.fault("check out " + remote, e);
        } finally {
            remove(home);
        }
    }

    private static Path subdirectory(Op.Git source, Path work) throws IOException {
        String subdir = source.subdir();
        if (subdir == null) {
            return work;
        }
        Path path = work;
        for (String part : TreeView.clean(subdir).substring(1).split("/", -1)) {
            if (!part.isEmpty()) {
                path = path.resolve(part);
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
                    throw new UserFault("open subdirectory " + subdir + " of the repository: " + part
                                    + (there ? " is not a directory" : " is not there"))
                            .hint("Check what stands behind the colon, or in subdir=.");
                }
            }
        }
        return path;
    }

    private GitCommand git(GitRemote remote, Path home) throws InterruptedException {
        GitCommand git = new GitCommand(home, environment);
        Optional<Path> socket = remote.isSsh() ? agent.socket() : Optional.empty();
        if (socket.isPresent()) {
            git.agent(socket.get());
        }
        if (remote.isWeb()) {
            authorization(remote).ifPresent(header -> git.authorization(remote, header));
        }
        return git;
    }

    private Optional<String> authorization(GitRemote remote) {
        for (String suffix :
                new String[] {"." + remote.host(), "." + remote.host().replaceFirst(":[0-9]+$", ""), ""}) {
            Optional<String> header = secrets.find("GIT_AUTH_HEADER" + suffix).map(String::strip);
            if (header.isPresent()) {
                return header;
            }
            Optional<String> token = secrets.find("GIT_AUTH_TOKEN" + suffix).map(String::strip);
            if (token.isPresent()) {
                return Optional.of(basic("x-access-token:" + token.get()));
            }
        }
        return Optional.ofNullable(remote.user())
                .map(user -> java.net.URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8))
                .map(GitRepositories::basic);
    }

    private static String basic(String user) {
        return "basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private Path directory() {
        try {
            return Files.createTempDirectory(tmp, "git-");
        } catch (IOException e) {
            throw Disk.fault("make directory in " + tmp, e);
        }
    }

    private void remove(Path directory) {
        try (Directory parent = Directory.open(tmp)) {
            parent.removeTree(String.valueOf(directory.getFileName()));
        }
    }
}
