package dev.drydock.layer;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.OpenFile;
import dev.drydock.linux.Xattrs;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Unpacks a tar stream into a pending layer in one pass: writes the files, hashes them and the stream, and adds the entries
 * to a {@link LayerBuilder}, which then commits. Archives come from outside: nothing is written outside the layer whatever
 * the names and links in them say, and a damaged one is a {@link UserFault}.
 *
 * {@snippet :
 * try (PendingLayer pending = store.begin(tmp)) {
 *     LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
 *     LayerUnpacker.unpack("rootfs.tar", in, pending, Snapshot.EMPTY, builder, UnpackRules.layer());
 *     return builder.commit(Instant.now());
 * }}
 */
public final class LayerUnpacker {
    private static final String WHITEOUT = ".wh.";
    private static final String META = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** The disk writes that much while the next is unpacked; all at the end, it would be waited for. */
    private static final long WORTH_SYNCING = 128L << 20;

    private static final int SMALLEST_HOLE = 4096;
    private static final byte[] ZEROS = new byte[64 * 1024];

    private final PendingLayer pending;
    private final UnpackTarget target;
    private final LayerBuilder into;
    private final UnpackRules rules;
    private final byte[] buffer = new byte[ZEROS.length];
    private final MessageDigest contentSha = Digest.newSha256();

    /** How much was written since the disk was last told to begin. */
    private long fresh;

    private LayerUnpacker(PendingLayer pending, UnpackTarget target, LayerBuilder into, UnpackRules rules) {
        this.pending = pending;
        this.target = target;
        this.into = into;
        this.rules = rules;
    }

    /**
     * What an uncompressed stream was.
     *
     * @param digest its SHA-256
     * @param length its length in bytes
     */
    public record Unpacked(Digest digest, long length) {}

    /**
     * Unpacks a stream, compressed or not; {@code in} is read to its end and not closed.
     *
     * @param what what the stream is, for messages
     * @param parents what the layer lies on: links in it are followed, and directories that the archive does not name are
     *     as they are there
     * @throws UserFault if it is no whole tar archive or would leave the root
     */
    public static Unpacked unpack(
            String what, InputStream in, PendingLayer pending, Snapshot parents, LayerBuilder into, UnpackRules rules)
            throws InterruptedException {
        try (InputStream plain = ArchiveStream.open(in)) {
            HashedStream hashed = new HashedStream(plain);
            unpackPlain(what, hashed, pending, parents, into, rules);
            return hashed.result();
        } catch (IOException e) {
            throw broken(what, e);
        }
    }

    /** The same for a stream that is known not to be compressed, and is best buffered; somebody else digests it. */
    public static void unpackPlain(
            String what, InputStream in, PendingLayer pending, Snapshot parents, LayerBuilder into, UnpackRules rules)
            throws InterruptedException {
        try (Directory fs = Directory.open(pending.fs());
                UnpackTarget target = new UnpackTarget(fs, parents, into, rules)) {
            new LayerUnpacker(pending, target, into, rules).unpack(new TarReader(in));
            into.setDirectoryTimes(fs);
        } catch (IOException e) {
            throw broken(what, e);
        }
    }

    private static UserFault broken(String what, IOException e) throws InterruptedException {
        if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
            throw new InterruptedException(); // the stream was waited for, and its channel closed by the interrupt
        }
        return new UserFault("unpack " + what + ": " + e.getMessage(), e)
                .hint("It must be a whole tar archive, plain or compressed, of a directory tree.");
    }

    private void unpack(TarReader tar) throws IOException, InterruptedException {
        TarEntry entry = tar.next();
        while (entry != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            unpack(entry, tar);
            entry = tar.next();
        }
        tar.drain();
    }

    private void unpack(TarEntry entry, TarReader tar) throws IOException {
        String path = target.place(entry.name());
        String name = UnpackTarget.nameOf(path);
        if (path.isEmpty()) {
            if (entry.type() == '5') {
                target.setRoot(layerEntry("root", LayerEntry.Type.DIRECTORY, entry));
            }
            return;
        }
        if (rules.whiteouts() == UnpackRules.Whiteouts.DELETE && path.contains(WHITEOUT)) {
            if (isBookkeeping(LayerEntry.parentOf(path))) {
                return;
            }
            if (name.startsWith(WHITEOUT)) {
                whiteout(LayerEntry.parentOf(path), name);
                return;
            }
        }
        Directory parent = target.parentOf(path);
        if (entry.type() == '5') {
            target.makeDirectory(parent, layerEntry(path, LayerEntry.Type.DIRECTORY, entry));
            setUserAttributes(parent.xattrs(name), entry);
            return;
        }
        if (entry.type() == '1') {
            hardLink(path, entry);
            return;
        }
        target.clear(parent, path);
        switch (entry.type()) {
            case '0' -> file(parent, path, entry, tar);
            case '2' -> {
                if (entry.link().isEmpty()) {
                    throw new MalformedArchive("the link " + entry.name() + " points nowhere");
                }
                parent.symlink(entry.link(), name);
                settle(parent, layerEntry(path, LayerEntry.Type.SYMLINK, entry));
            }
            case '3' -> node(parent, layerEntry(path, LayerEntry.Type.CHAR_DEVICE, entry), FileStat.CHAR_DEVICE);
            case '4' -> node(parent, layerEntry(path, LayerEntry.Type.BLOCK_DEVICE, entry), FileStat.BLOCK_DEVICE);
            default -> node(parent, layerEntry(path, LayerEntry.Type.FIFO, entry), FileStat.FIFO);
        }
    }

    private LayerEntry layerEntry(String path, LayerEntry.Type type, TarEntry entry) {
        UnpackRules.Owner owner = rules.owner();
        return new LayerEntry(
                path,
                type,
                type == LayerEntry.Type.SYMLINK ? 0777 : entry.mode(),
                owner == null ? entry.uid() : owner.uid(),
                owner == null ? entry.gid() : owner.gid(),
                entry.size(),
                entry.mtimeNs(),
                entry.major(),
                entry.minor(),
                type == LayerEntry.Type.SYMLINK ? entry.link() : "",
                false,
                type == LayerEntry.Type.FILE ? capability(entry) : List.of(),
                null);
    }

    /**
     * Gives a file the attributes of users that the archive names; steps see them, layers made here do not list them. What
     * overlay file systems take for theirs is passed over, and so is all that the disk keeps none of.
     */
    private static void setUserAttributes(Xattrs attributes, TarEntry entry) {
        for (Xattr xattr : entry.xattrs()) {
            if (xattr.name().startsWith("user.") && !xattr.name().startsWith("user.overlay.")) {
                attributes.setIfKept(xattr.name(), xattr.value());
            }
        }
    }

    private static List<Xattr> capability(TarEntry entry) {
        return entry.xattrs().stream()
                .filter(xattr -> xattr.name().equals(Xattr.CAPABILITY))
                .toList();
    }

    private void file(Directory parent, String path, TarEntry entry, TarReader tar) throws IOException {
        LayerEntry file = layerEntry(path, LayerEntry.Type.FILE, entry);
        try (OpenFile out = parent.createFile(UnpackTarget.nameOf(path), 0600)) {
            write(out, tar, entry.size());
            out.chown(file.uid(), file.gid());
            for (Xattr xattr : file.xattrs()) {
                out.xattrs().set(xattr.name(), xattr.value());
            }
            setUserAttributes(out.xattrs(), entry);
            out.chmod(file.mode());
            out.setTime(file.mtimeNs());
        }
        into.add(file.with(file.xattrs(), Digest.sha256(contentSha.digest())));
    }

    /** What is all zeros becomes a hole: a small archive of a large file of zeros must not fill the disk. */
    private void write(OpenFile out, TarReader tar, long size) throws IOException {
        boolean hole = false;
        int length = tar.read(buffer);
        while (length > 0) {
            hole = length >= SMALLEST_HOLE && Arrays.mismatch(buffer, 0, length, ZEROS, 0, length) < 0;
            if (hole) {
                out.skip(length);
            } else {
                out.write(buffer, 0, length);
                fresh += length;
            }
            contentSha.update(buffer, 0, length);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            if (fresh >= WORTH_SYNCING) {
                pending.startSync();
                fresh = 0;
            }
            length = tar.read(buffer);
        }
        if (hole) {
            out.truncate(size);
        }
    }

    private void node(Directory parent, LayerEntry entry, int type) throws MalformedArchive {
        if (entry.type() == LayerEntry.Type.CHAR_DEVICE && entry.major() == 0 && entry.minor() == 0) {
            throw new MalformedArchive("the device " + entry.path() + " has the numbers 0:0, which mean a deletion");
        }
        String name = UnpackTarget.nameOf(entry.path());
        parent.makeNode(name, type | entry.mode(), entry.major(), entry.minor());
        settle(parent, entry);
        parent.chmod(name, entry.mode());
    }

    private void settle(Directory parent, LayerEntry entry) {
        String name = UnpackTarget.nameOf(entry.path());
        parent.chown(name, entry.uid(), entry.gid());
        parent.setTime(name, entry.mtimeNs());
        into.add(entry);
    }

    private void hardLink(String path, TarEntry entry) throws MalformedArchive {
        String from = target.place(entry.link());
        Optional<LayerEntry> first = into.find(from);
        if (first.isEmpty() || first.get().isDirectory() || first.get().type() == LayerEntry.Type.WHITEOUT) {
            throw new MalformedArchive(
                    "the entry " + entry.name() + " is a link to " + entry.link() + ", which does not stand before it");
        }
        if (from.equals(path)) {
            return;
        }
        target.clear(target.parentOf(path), path);
        target.root().link(from, target.parentOf(path), UnpackTarget.nameOf(path));
        into.add(first.get().at(path));
    }

    /** Whether a path is, or lies in, what AUFS kept beside the files. */
    private static boolean isBookkeeping(String path) {
        return path.startsWith(META) || path.contains("/" + META);
    }

    private void whiteout(String parent, String name) throws MalformedArchive {
        if (name.equals(OPAQUE)) {
            target.makeOpaque(parent);
            return;
        }
        String hidden = name.substring(WHITEOUT.length());
        if (isBookkeeping(name)) {
            return;
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new MalformedArchive("it deletes the impossible name '" + hidden + "'");
        }
        String path = parent.isEmpty() ? hidden : parent + "/" + hidden;
        Optional<LayerEntry> here = into.find(path);
        if (here.isEmpty()) {
            Overlay.makeWhiteout(target.parentOf(path), hidden);
            into.add(LayerEntry.whiteout(path));
        } else if (here.get().isDirectory()) {
            // A deletion is about lower layers; what this layer has of that name stays.
            target.makeOpaque(path);
        }
    }
}
