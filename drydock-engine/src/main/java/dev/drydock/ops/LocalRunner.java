package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import dev.drydock.source.ContextScanner;
import dev.drydock.source.ContextTree;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Opens directories of the caller's. Nothing is copied: files are read where they are, when a step needs them. */
public final class LocalRunner implements OpRunner<Op.Local, FileTree> {
    private final ContextSources sources;
    private final ContextScanner scanner;
    private final InstantSource clock;

    public LocalRunner(ContextSources sources, ContextScanner scanner, InstantSource clock) {
        this.sources = sources;
        this.scanner = scanner;
        this.clock = clock;
    }

    @Override
    public KeyRecipe recipe(Op.Local op, StepContext step) {
        return new KeyRecipe(Vertex.of(op, List.of()).digest(), List.of(), Map.of(), KeyRecipe.Keeping.UNKEYED);
    }

    @Override
    public Digest contentDigest(Op.Local op, FileTree input, List<Object> selections) {
        throw new Bug("digest input of " + op.name() + ": a directory of the caller's has none");
    }

    @Override
    public List<FileTree> run(Op.Local op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        ContextSource source = sources.find(op.name())
                .orElseThrow(() -> new Bug("open context " + op.name() + ": the build has none of that name"));
        Instant start = clock.instant();
        return switch (source) {
            case ContextSource.Tree(Snapshot snapshot) -> List.of(new FileTree.Layers(snapshot));
            case ContextSource.Directory(Path directory, UnaryOperator<String> patternNames) -> {
                ContextTree context = scanner.scan(op.name(), directory, op.excludes(), op.followPaths(), patternNames);
                long size = context.totalSize();
                step.status("transferring context:", size, 0, start, clock.instant());
                yield List.of(new FileTree.HostDirectory(context));
            }
        };
    }
}
