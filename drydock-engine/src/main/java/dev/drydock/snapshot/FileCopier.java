package dev.drydock.snapshot;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.Errno;
import dev.drydock.linux.LinuxError;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes files of one directory after the other into a layer directory; for one thread. Each file is read once. */
final class FileCopier {
    /** From this size on, sharing blocks or copying in the kernel beats reading. */
    private static final long LARGE = 1 << 20;

    private static final int BUFFER = 64 * 1024;
    private static final String CAPABILITY = "security.capability";

    private final Directory upper;
    private final int uid;
    private final int gid;
    private final byte[] buffer = new byte[BUFFER];
    private final MessageDigest sha = Digest.newSha256();
    /** The directory that files were last linked from, and its path. */
    private @Nullable Directory linked;

    private String linkedPath = "";

    /** New files belong to {@code uid} and {@code gid} without further ado. */
    FileCopier(Directory upper, int uid, int gid) {
        this.upper = upper;
        this.uid = uid;
        this.gid = gid;
    }

    /** Writes files that share their source directory and their target directory. */
    void copyAll(List<FileCopy> copies) throws InterruptedException {
        FileCopy first = copies.getFirst();
        String from = LayeredTree.parent(first.source().host());
        String into = LayeredTree.parent(first.target());
        try (Directory source = Directory.open(from);
                Directory target = into.equals("/") ? upper.again() : upper.openDirectory(into.substring(1))) {
            boolean inherits = (target.stat().permissions() & 02000) != 0;
            for (FileCopy copy : copies) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                copy(copy, source, target, inherits);
            }
        } finally {
            if (linked != null) {
                linked.close();
                linked = null;
            }
        }
    }

    private void copy(FileCopy copy, Directory source, Directory target, boolean inherits) {
        String name = copy.target().substring(copy.target().lastIndexOf('/') + 1);
        FilePart part = copy.part();
        if (part != null) {
            write(copy, part, target, name, inherits);
            return;
        }
        if (copy.reuse() != null && link(copy.reuse(), target, name)) {
            return;
        }
        if (copy.shareable() && Attributes.of(copy.source()).equals(copy.attributes())) {
            if (link(copy.source().host(), target, name)) {
                return;
            }
        }
        Attributes attributes = copy.attributes();
        String sourceName = copy.source().host().substring(copy.source().host().lastIndexOf('/') + 1);
        try (OpenFile to = target.createFile(name, attributes.mode())) {
            if (copy.source().size() > 0) {
                try (OpenFile from = source.openFile(sourceName)) {
                    fill(copy, from, to);
                } catch (EnvironmentFault fault) {
                    throw LinuxError.is(fault, Errno.ENOENT)
                            ? changed(copy.source().path())
                            : fault;
                }
            }
            settle(
                    to,
                    attributes,
                    copy.shareable() ? source.xattrs(sourceName).get(CAPABILITY) : Optional.empty(),
                    inherits);
        }
    }

    private void write(FileCopy copy, FilePart part, Directory target, String name, boolean inherits) {
        try (OpenFile to = target.createFile(name, copy.attributes().mode())) {
            if (to.copyFrom(part.file().file(), part.position(), part.length(), buffer) < part.length()) {
                throw changed(copy.source().path());
            }
            settle(to, copy.attributes(), part.capability(), inherits);
        }
    }

    /** Gives a written file what it is besides its bytes; a change of owner takes capabilities and special bits away. */
    private void settle(OpenFile to, Attributes attributes, Optional<byte[]> capability, boolean inherits) {
        boolean owned = attributes.uid() == uid && attributes.gid() == gid && !inherits;
        if (!owned) {
            to.chown(attributes.uid(), attributes.gid());
        }
        if ((attributes.mode() & 07000) != 0) {
            to.chmod(attributes.mode());
        }
        capability.ifPresent(value -> to.xattrs().set(CAPABILITY, value));
        to.setTime(attributes.mtimeNs());
    }

    /** Another name for a file that has everything already; false when the file system will not. */
    private boolean link(String host, Directory target, String name) {
        try {
            from(LayeredTree.parent(host)).link(host.substring(host.lastIndexOf('/') + 1), target, name);
            return true;
        } catch (EnvironmentFault fault) {
            if (LinuxError.is(fault, Errno.ENOSPC) || LinuxError.is(fault, Errno.EDQUOT)) {
                throw fault;
            }
            return false; // it has too many names, is elsewhere, or was removed
        }
    }

    private Directory from(String path) {
        Directory open = linked;
        if (open == null || !path.equals(linkedPath)) {
            if (open != null) {
                open.close();
                linked = null;
            }
            open = Directory.open(path);
            linked = open;
            linkedPath = path;
        }
        return open;
    }

    private void fill(FileCopy copy, OpenFile from, OpenFile to) {
        if (copy.source().size() >= LARGE && fillUnread(copy, from, to)) {
            return;
        }
        // A short read is the end of a regular file.
        int n = from.read(buffer, 0, BUFFER);
        while (n > 0) {
            sha.update(buffer, 0, n);
            to.write(buffer, 0, n);
            n = n < BUFFER ? 0 : from.read(buffer, 0, BUFFER);
        }
        byte[] hash = sha.digest();
        if (copy.expected() != null && !copy.expected().digest().equals(Digest.sha256(hash))) {
            throw changed(copy.source().path());
        }
    }

    /** Fills a file whose bytes are certain to be what they must be; tells whether they are. */
    private boolean fillUnread(FileCopy copy, OpenFile from, OpenFile to) {
        SourceFile source = SourceFile.of(from);
        KnownContent expected = copy.expected();
        if (!copy.shareable() && (expected == null || !expected.certain().test(source))) {
            return false;
        }
        long count = to.copyWhole(from, source.size(), buffer);
        if (expected != null
                && !copy.shareable()
                && (count < source.size() || !expected.certain().test(source))) {
            throw changed(copy.source().path());
        }
        return true;
    }

    static UserFault changed(String path) {
        return new UserFault("read " + path + ": the file changed while it was being used")
                .hint("Build again when nothing writes to it, or list it in .dockerignore.");
    }
}
