package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.frontend.GitSource;
import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import dev.drydock.source.GitRepositories;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Checks repositories out. A tree is named by its commit and by what is done with it, not by where it comes from. */
public final class GitRunner implements OpRunner<Op.Git, FileTree> {
    private final GitRepositories repositories;
    private final LayerMaker layers;
    private final InstantSource clock;
    private final Map<Op.Git, GitRepositories.Commit> resolved = new ConcurrentHashMap<>();

    public GitRunner(GitRepositories repositories, LayerMaker layers, InstantSource clock) {
        this.repositories = repositories;
        this.layers = layers;
        this.clock = clock;
    }

    @Override
    public KeyRecipe recipe(Op.Git op, StepContext step) throws InterruptedException {
        GitRepositories.Commit commit = repositories.resolve(op);
        resolved.put(op, commit);
        boolean keep = op.attributes().containsKey(GitSource.KEEP_GIT_DIRECTORY);
        String key = String.join(
                "\n",
                "drydock-git-1",
                commit.hash(),
                text(op.subdir()),
                keep ? ".git of " + commit.ref() : "",
                text(op.attributes().get(GitSource.SUBMODULES)),
                text(op.attributes().get(GitSource.TIMES)));
        return new KeyRecipe(
                Digest.of(key.getBytes(StandardCharsets.UTF_8)),
                List.of(),
                Map.of("commit", commit.hash(), "subdirectory", text(op.subdir())));
    }

    /** The commit that this build took for it; empty if it was not asked for. */
    public Optional<String> commit(Op.Git op) {
        return Optional.ofNullable(resolved.get(op)).map(GitRepositories.Commit::hash);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    @Override
    public Digest contentDigest(Op.Git op, FileTree input, List<Object> selections) {
        throw new Bug("digest input of a repository: it has none");
    }

    @Override
    public List<FileTree> run(Op.Git op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        GitRepositories.Commit commit = resolved.get(op);
        if (commit == null) {
            throw new Bug("check out " + op.ref() + ": its commit was not asked for");
        }
        Instant started = clock.instant();
        try (LayerMaker.Draft draft = layers.draft()) {
            repositories.checkOut(op, commit, draft.directory());
            step.status("checking out " + commit.hash().substring(0, 12), 0, 0, started, clock.instant());
            return List.of(new FileTree.Layers(Snapshot.EMPTY.with(draft.commit(Snapshot.EMPTY))));
        }
    }
}
