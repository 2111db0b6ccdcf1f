package dev.drydock.engine;

import dev.drydock.fault.CorruptData;
import dev.drydock.graph.Op;
import dev.drydock.images.ImageStore;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.ops.FileTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs image ops: the layers of an image of the store, as they stand there, or pulled into it now. */
final class StoredImages implements OpRunner<Op.Image, FileTree> {
    private final ImageStore images;
    private final Claims claims;
    private final RemoteBases remote;

    StoredImages(ImageStore images, Claims claims, RemoteBases remote) {
        this.images = images;
        this.claims = claims;
        this.remote = remote;
    }

    @Override
    public KeyRecipe recipe(Op.Image op, StepContext step) {
        return new KeyRecipe(
                op.manifest(), List.of(), Map.of("image", op.manifest().toString()), KeyRecipe.Keeping.PINNED);
    }

    @Override
    public Digest contentDigest(Op.Image op, FileTree input, List<Object> selections) {
        throw new IllegalArgumentException("an image has no inputs");
    }

    @Override
    public List<FileTree> run(Op.Image op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        Optional<Snapshot> here =
                images.findByManifest(claims, op.manifest()).map(found -> new Snapshot(found.layers()));
        if (here.isPresent()) {
            step.reused();
        } else {
            here = remote.pull(op.manifest(), step);
        }
        return List.of(new FileTree.Layers(here.orElseThrow(
                () -> new CorruptData("open image " + op.reference() + ": it is no longer in the store")
                        .hint("Pull or import it again."))));
    }
}
