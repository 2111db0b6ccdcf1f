package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import dev.drydock.source.HttpDownloads;
import dev.drydock.source.HttpFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Downloads. A file is named by the digest of its bytes, its time and what the op makes of it, not by its address; so the
 * server is asked in every build, unless the op names the digest itself.
 */
public final class HttpRunner implements OpRunner<Op.Http, FileTree> {
    private final HttpDownloads downloads;
    private final LayerMaker layers;
    private final Path tmp;
    private final InstantSource clock;
    private final Map<Op.Http, HttpDownloads.Latest> asked = new ConcurrentHashMap<>();

    /**
     * For one build.
     *
     * @param tmp where files are kept until they are used, on the file system of the layers
     */
    public HttpRunner(HttpDownloads downloads, LayerMaker layers, Path tmp, InstantSource clock) {
        this.downloads = downloads;
        this.layers = layers;
        this.tmp = tmp;
        this.clock = clock;
    }

    @Override
    public KeyRecipe recipe(Op.Http op, StepContext step) throws InterruptedException {
        Digest checksum = op.checksum();
        String content;
        if (checksum != null) {
            content = checksum.toString();
        } else {
            HttpDownloads.Latest latest = downloads.latest(op.url(), body(op), progress(step));
            asked.put(op, latest);
            content = latest.file().digest() + " " + latest.file().modified();
        }
        String key = String.join(
                "\n", "drydock-http-1", content, op.filename(), op.mode() + "", op.uid() + "", op.gid() + "");
        return new KeyRecipe(
                Digest.of(key.getBytes(StandardCharsets.UTF_8)), List.of(), Map.of("downloaded file", content));
    }

    /** What this build took for it; empty if it was not asked for. */
    public Optional<Digest> digest(Op.Http op) {
        return op.checksum() != null
                ? Optional.of(op.checksum())
                : Optional.ofNullable(asked.get(op)).map(latest -> latest.file().digest());
    }

    private Path body(Op.Http op) {
        return tmp.resolve("http-" + Vertex.of(op, List.of()).digest().hex());
    }

    private HttpDownloads.Progress progress(StepContext step) {
        Instant started = clock.instant();
        return new HttpDownloads.Progress() {
            private long told;

            @Override
            public void at(long current, long total) {
                long now = System.nanoTime();
                boolean done = current == total;
                if (done || now - told > 100_000_000L) {
                    told = now;
                    step.status("downloading:", current, total, started, done ? clock.instant() : null);
                }
            }
        };
    }

    @Override
    public Digest contentDigest(Op.Http op, FileTree input, List<Object> selections) {
        throw new Bug("digest input of a download: it has none");
    }

    @Override
    public List<FileTree> run(Op.Http op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        HttpDownloads.Latest latest = asked.get(op);
        Path body = latest == null ? null : latest.body();
        HttpFile file;
        if (latest != null && body != null) {
            file = latest.file();
        } else {
            body = body(op);
            file = downloads.fetch(op.url(), body, progress(step));
        }
        check(op, latest == null ? null : latest.file(), file);
        long modified = file.modified() * 1_000_000_000L;
        try (LayerMaker.Draft draft = layers.draft();
                PendingTree tree = PendingTree.over(Snapshot.EMPTY, draft.directory(), modified)) {
            tree.take("/" + op.filename(), body, new Attributes(op.mode(), op.uid(), op.gid(), modified));
            tree.finish();
            return List.of(new FileTree.Layers(Snapshot.EMPTY.with(draft.commit(Snapshot.EMPTY))));
        }
    }

    private static void check(Op.Http op, @Nullable HttpFile named, HttpFile file) {
        if (op.checksum() != null
                && !op.checksum().algorithm().equals(file.digest().algorithm())) {
            throw new UserFault("check " + op.checksum() + ": only sha256 checksums can be checked")
                    .hint("Write --checksum=" + file.digest() + " if that is the right file.");
        }
        if (op.checksum() != null && !op.checksum().equals(file.digest())) {
            throw new UserFault("digest mismatch " + file.digest() + ": " + op.checksum())
                    .hint(
                            "The server has another file than --checksum names. If the new one is right, write --checksum="
                                    + file.digest() + ".");
        }
        if (named != null && !named.digest().equals(file.digest())) {
            throw new RemoteFault("download " + op.filename() + ": the file changed on the server during the build")
                    .hint("Build again.");
        }
    }
}
