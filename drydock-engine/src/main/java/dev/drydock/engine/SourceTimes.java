package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.frontend.Resolver.Dated;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.TarEntry;
import dev.drydock.layer.TarReader;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.ops.ContextSource;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.GitRepositories;
import dev.drydock.source.HttpDownloads;
import dev.drydock.source.HttpFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When sources last changed: a commit's time, what a web server says of a file, or the youngest file of an archive. */
final class SourceTimes {
    private static final String WORK = "epoch";

    private final BuildContext main;
    private final OpenContexts contexts;
    private final HttpDownloads downloads;
    private final GitRepositories repositories;
    private final Path scratch;

    /** {@code scratch} takes what must be fetched; it is removed at once. */
    SourceTimes(
            BuildContext main,
            OpenContexts contexts,
            HttpDownloads downloads,
            GitRepositories repositories,
            Path scratch) {
        this.main = main;
        this.contexts = contexts;
        this.downloads = downloads;
        this.repositories = repositories;
        this.scratch = scratch;
    }

    /** Empty for what has no time, such as a directory of this host. Blocks. */
    Optional<Instant> of(Dated source) throws InterruptedException {
        return switch (source) {
            case Dated.MainContext _ -> ofMain();
            case Dated.Repository(GitSource repository) -> ofCommit(repository);
            case Dated.Web(String url, Digest checksum) -> ofFile(url, checksum);
        };
    }

    private Optional<Instant> ofMain() throws InterruptedException {
        return switch (main) {
            case BuildContext.Directory _ -> Optional.empty();
            case BuildContext.Repository(GitSource repository) -> ofCommit(repository);
            case BuildContext.Web(String url) -> ofFile(url, null);
            case BuildContext.Stream _ -> ofUnpacked();
        };
    }

    private Optional<Instant> ofUnpacked() {
        return contexts.find("context").flatMap(context -> {
            if (context instanceof ContextSource.Tree(Snapshot snapshot)) {
                return snapshot.layers().stream()
                        .map(Layer::fs)
                        .map(SourceTimes::youngest)
                        .flatMap(Optional::stream)
                        .findFirst();
            }
            return Optional.empty();
        });
    }

    private Optional<Instant> ofCommit(GitSource repository) throws InterruptedException {
        var op = repository.withCommitTimes().op();
        Path work = scratch.resolve(WORK);
        try {
            Files.createDirectory(work);
            repositories.checkOut(op, repositories.resolve(op), work);
            return youngest(work);
        } catch (IOException e) {
            throw Disk.fault("make directory " + work, e);
        } finally {
            remove();
        }
    }

    private Optional<Instant> ofFile(String url, @Nullable Digest checksum) throws InterruptedException {
        Path file = scratch.resolve(WORK);
        try {
            HttpFile fetched = downloads.fetch(url, file, (_, _) -> {});
            if (checksum != null && !checksum.equals(fetched.digest())) {
                throw new UserFault("digest mismatch " + fetched.digest() + ": " + checksum);
            }
            return fetched.modified() > 0 ? Optional.of(Instant.ofEpochSecond(fetched.modified())) : ofArchive(file);
        } finally {
            remove();
        }
    }

    private static Optional<Instant> ofArchive(Path file) {
        Instant youngest = null;
        try (InputStream bytes = Files.newInputStream(file);
                InputStream in = ArchiveStream.open(bytes)) {
            TarReader tar = new TarReader(in);
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                Instant time = Instant.ofEpochSecond(0, entry.mtimeNs());
                if (entry.type() == '0' && (youngest == null || time.isAfter(youngest))) {
                    youngest = time;
                }
            }
        } catch (IOException noArchive) {
            return Optional.empty();
        }
        return Optional.ofNullable(youngest);
    }

    private static Optional<Instant> youngest(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            Instant youngest = null;
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Instant time = Files.getLastModifiedTime(file).toInstant();
                    youngest = youngest == null || time.isAfter(youngest) ? time : youngest;
                }
            }
            return Optional.ofNullable(youngest);
        } catch (IOException e) {
            throw Disk.fault("read " + directory, e);
        }
    }

    private void remove() {
        try (Directory parent = Directory.open(scratch)) {
            parent.removeTree(WORK);
        }
    }
}
