package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.LayerBuilder;
import dev.drydock.layer.LayerUnpacker;
import dev.drydock.layer.UnpackRules;
import dev.drydock.oci.Digest;
import dev.drydock.ops.ContextSource;
import dev.drydock.ops.ContextSources;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.CallersFile;
import dev.drydock.source.GitRepositories;
import dev.drydock.source.HttpDownloads;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Gets contexts from where they are. What is fetched or unpacked lies in directories that closing removes. */
final class OpenContexts implements ContextSources, AutoCloseable {
    private static final int PEEKED = 1024;

    private final HttpDownloads downloads;
    private final GitRepositories repositories;
    private final LayerStore layers;
    private final Path scratch;
    private final List<PendingLayer> unpacked = new ArrayList<>();
    private final Map<String, ContextSource> named = new ConcurrentHashMap<>();
    private volatile Provenance.@Nullable Material fetched;

    /** Takes where downloads go before they are unpacked. */
    OpenContexts(HttpDownloads downloads, GitRepositories repositories, LayerStore layers, Path scratch) {
        this.downloads = downloads;
        this.repositories = repositories;
        this.layers = layers;
        this.scratch = scratch;
    }

    /** Opens a context; what takes time is told to the log. */
    OpenContext open(BuildContext context, BuildLog log) throws InterruptedException {
        return switch (context) {
            case BuildContext.Directory(Path path) -> directory(path);
            case BuildContext.Repository repository -> repository(repository, log);
            case BuildContext.Web(String url) -> web(url, log);
            case BuildContext.Stream(InputStream in) ->
                opened(
                        log.internal("[internal] load remote build context", _ -> peeked(in, "standard input")),
                        "standard input",
                        log);
        };
    }

    /** A directory of this host, which nothing needs to be fetched for. */
    static OpenContext directory(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UserFault("unable to prepare context: path \"" + path + "\" not found")
                    .hint("Give the directory that holds the files to copy, for example \".\".");
        }
        return new OpenContext(
                new ContextSource.Directory(path, UnaryOperator.identity()), path, null, path.toString());
    }

    private OpenContext repository(BuildContext.Repository context, BuildLog log) throws InterruptedException {
        var op = context.source().op();
        String name = op.remote().replaceFirst("://[^/]*@", "://")
                + (op.ref().isEmpty() && op.subdir() == null ? "" : "#" + op.ref())
                + (op.subdir() == null ? "" : ":" + op.subdir());
        return log.internal("[internal] load git source " + name, part -> {
            Instant started = log.now();
            GitRepositories.Commit commit = repositories.resolve(op);
            fetched = ProvenanceCapture.material(op, commit.hash());
            PendingLayer pending = pending();
            repositories.checkOut(op, commit, pending.fs());
            part.done(commit.hash() + "\t" + commit.ref(), 0, started);
            return new OpenContext(tree(pending), null, null, name);
        });
    }

    private OpenContext web(String url, BuildLog log) throws InterruptedException {
        String shown = HttpDownloads.shown(url);
        Path file = log.internal("[internal] load remote build context", _ -> {
            Path target = place(url);
            Digest digest = downloads.fetch(url, target, (_, _) -> {}).digest();
            fetched = new Provenance.Material(UserInfo.masked(url), digest.algorithm(), digest.hex());
            return target;
        });
        try (InputStream in = Files.newInputStream(file)) {
            return opened(peeked(in, shown), shown, log);
        } catch (IOException e) {
            throw Disk.fault("read " + file, e);
        }
    }

    /** A stream that has something and can be looked at and read again. */
    private static BufferedInputStream peeked(InputStream in, String what) {
        BufferedInputStream buffered = new BufferedInputStream(in, 256 * 1024);
        try {
            buffered.mark(1);
            if (buffered.read() < 0) {
                throw new UserFault("failed to read dockerfile: no local sources enabled")
                        .hint("There was nothing in " + what + ": send a Dockerfile or an archive of a directory.");
            }
            buffered.reset();
            return buffered;
        } catch (IOException e) {
            throw new UserFault("read build context from " + what + ": " + e.getMessage(), e);
        }
    }

    private OpenContext opened(BufferedInputStream in, String what, BuildLog log) throws InterruptedException {
        try {
            in.mark(PEEKED);
            byte[] start = in.readNBytes(PEEKED);
            in.reset();
            if (ArchiveStream.looksLikeArchive(start)) {
                return log.internal("copy /context /", _ -> archive(in, what));
            }
            byte[] text = in.readNBytes(CallersFile.LONGEST_TEXT + 1);
            if (text.length > CallersFile.LONGEST_TEXT) {
                throw new UserFault("read Dockerfile from " + what + ": it is larger than 16 MB")
                        .hint("Send a Dockerfile, or a tar archive of a directory.");
            }
            Snapshot nothing = Snapshot.EMPTY;
            return new OpenContext(
                    new ContextSource.Tree(nothing), null, new String(text, StandardCharsets.UTF_8), what);
        } catch (IOException e) {
            throw new UserFault("read build context from " + what + ": " + e.getMessage(), e);
        }
    }

    private OpenContext archive(InputStream in, String what) throws InterruptedException {
        PendingLayer pending = pending();
        LayerBuilder entries = new LayerBuilder(pending, Snapshot.EMPTY);
        LayerUnpacker.unpack(
                "build context from " + what, in, pending, Snapshot.EMPTY, entries, UnpackRules.archive("", null, 0));
        return new OpenContext(tree(pending), null, null, what);
    }

    /** What a web server has at an address, as text. */
    String text(String url) throws InterruptedException {
        Path file = fetched(url);
        try {
            return new String(CallersFile.read(file, CallersFile.LONGEST_TEXT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Disk.fault("read Dockerfile from " + HttpDownloads.shown(url), e);
        }
    }

    private Path fetched(String url) throws InterruptedException {
        Path file = place(url);
        downloads.fetch(url, file, (_, _) -> {});
        return file;
    }

    private Path place(String url) {
        return scratch.resolve(
                "context-" + Digest.of(url.getBytes(StandardCharsets.UTF_8)).shortHex());
    }

    /** Where the build's own context was fetched from, if it was. */
    Optional<Provenance.Material> fetchedFrom() {
        return Optional.ofNullable(fetched);
    }

    /** Gives a context the name by which ops call it. */
    void name(String name, ContextSource source) {
        named.put(name, source);
    }

    @Override
    public Optional<ContextSource> find(String name) {
        return Optional.ofNullable(named.get(name));
    }

    private PendingLayer pending() {
        PendingLayer pending = layers.begin(scratch);
        unpacked.add(pending);
        return pending;
    }

    /** It is never committed: nothing outside this build can name it. */
    private ContextSource tree(PendingLayer pending) {
        LayerId id = new LayerId("context" + unpacked.size());
        Layer layer = new Layer(id, pending.fs(), pending.fs(), Digest.of(new byte[0]), 0, 0, Instant.EPOCH);
        return new ContextSource.Tree(Snapshot.EMPTY.with(layer));
    }

    @Override
    public void close() {
        unpacked.forEach(PendingLayer::close);
        unpacked.clear();
    }
}
