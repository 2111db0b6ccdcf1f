package dev.drydock.source;

import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One commit of one repository, on its way into an empty directory. */
final class GitCheckout {
    /** What servers say that cannot give a commit by its hash, or none without its history. */
    private static final List<String> TRY_OTHERWISE =
            List.of("does not support shallow", "unadvertised object", "not our ref", "shallow file has changed");

    private static final String FETCHED = "refs/drydock/";

    private final GitCommand git;
    private final GitRemote remote;
    private final GitRepositories.Commit commit;
    private final Path work;

    GitCheckout(GitCommand git, GitRemote remote, GitRepositories.Commit commit, Path work) {
        this.git = git;
        this.remote = remote;
        this.commit = commit;
        this.work = work;
    }

    void run(Map<String, String> attributes) throws InterruptedException, IOException {
        git.run(work, "init", "--quiet", ".");
        git.run(work, "remote", "add", "origin", remote.url());
        fetch();
        git.run(work, "checkout", "--quiet", "--detach", commit.hash());
        boolean modules = !"false".equals(attributes.get(GitSource.SUBMODULES));
        if (modules && Files.exists(work.resolve(".gitmodules"), LinkOption.NOFOLLOW_LINKS)) {
            submodules();
        }
        boolean keep = attributes.containsKey(GitSource.KEEP_GIT_DIRECTORY);
        if (keep) {
            keepHistory();
        }
        long time = "commit".equals(attributes.get(GitSource.TIMES)) ? time() : -1;
        try (Directory tree = Directory.open(work)) {
            tidy(tree, keep, time);
        }
    }

    private void fetch() throws InterruptedException {
        List<List<String>> ways = new ArrayList<>();
        ways.add(List.of("--depth=1", commit.hash()));
        if (commit.ref().equals(commit.hash())) {
            ways.add(List.of("+refs/heads/*:" + FETCHED + "heads/*", "+refs/tags/*:" + FETCHED + "tags/*"));
        } else {
            ways.add(List.of("--depth=1", "+" + commit.ref() + ":" + FETCHED + "ref"));
            ways.add(List.of("+" + commit.ref() + ":" + FETCHED + "ref"));
        }
        for (List<String> way : ways) {
            List<String> words = new ArrayList<>(List.of("fetch", "--quiet", "--no-tags", "--no-write-fetch-head"));
            boolean shallow = way.getFirst().startsWith("--");
            if (shallow) {
                words.add(way.getFirst());
            }
            words.addAll(List.of("--", remote.url()));
            words.addAll(shallow ? way.subList(1, way.size()) : way);
            GitCommand.Result result = git.attempt(work, words.toArray(String[]::new));
            if (!result.isOk() && TRY_OTHERWISE.stream().noneMatch(result.err()::contains)) {
                throw git.failure("fetch", result);
            }
            if (git.attempt(work, "cat-file", "-e", commit.hash() + "^{commit}").isOk()) {
                return;
            }
        }
        throw new RemoteFault("repository does not contain ref " + commit.hash())
                .hint("Check that " + remote + " has that commit on a branch or tag.");
    }

    private void submodules() throws InterruptedException {
        String[] words = {"submodule", "--quiet", "update", "--init", "--recursive", "--checkout", "--depth=1"};
        GitCommand.Result result = git.attempt(work, words);
        if (!result.isOk() && TRY_OTHERWISE.stream().anyMatch(result.err()::contains)) {
            words[words.length - 1] = "--no-recommend-shallow";
            result = git.attempt(work, words);
        }
        if (!result.isOk()) {
            throw git.failure("submodule update", result)
                    .hint("To build without submodules write ?submodules=false behind the address.");
        }
    }

    /** Leaves a repository that knows the ref it came by, and nothing of this clone. */
    private void keepHistory() throws InterruptedException, IOException {
        if (commit.ref().startsWith("refs/")) {
            git.run(work, "update-ref", commit.ref(), commit.hash());
        }
        for (String ref :
                git.run(work, "for-each-ref", "--format=%(refname)", FETCHED).split("\n", -1)) {
            if (!ref.isEmpty()) {
                git.run(work, "update-ref", "-d", ref);
            }
        }
        try (Directory repository = Directory.open(work.resolve(".git"))) {
            repository.removeTree("logs");
        }
    }

    /** Nanoseconds since the epoch. */
    private long time() throws InterruptedException {
        String seconds =
                git.run(work, "log", "-1", "--format=%ct", commit.hash()).strip();
        return Long.parseLong(seconds) * 1_000_000_000L;
    }

    /** Takes away what belongs to git, which cannot have checked out a file of that name, and sets times. */
    private static void tidy(Directory directory, boolean keep, long time) {
        for (String name : directory.names()) {
            if (name.equals(".git")) {
                if (!keep) {
                    directory.removeTree(name);
                }
                continue;
            }
            FileStat stat = directory.stat(name);
            if (stat.isDirectory()) {
                try (Directory child = directory.openDirectory(name)) {
                    tidy(child, keep, time);
                }
            }
            if (time >= 0) {
                directory.setTime(name, time);
            }
        }
    }
}
