package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.Snapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The directory that an archive is unpacked into, which no name of the archive can leave: paths are resolved here, link
 * by link inside the root, and what results is opened so that the kernel follows no link at all.
 */
final class UnpackTarget implements AutoCloseable {
    private static final int LINK_LIMIT = 255;

    private final Directory root;
    private final LowerLayers lower;
    private final LayerBuilder into;
    private final UnpackRules rules;
    private String openPath = "";
    private Directory open;

    UnpackTarget(Directory root, Snapshot parents, LayerBuilder into, UnpackRules rules) {
        this.root = root;
        this.lower = new LowerLayers(parents);
        this.into = into;
        this.rules = rules;
        this.open = root.again();
    }

    /**
     * The path that a name of the archive stands for: below the prefix, with links in all but its last part followed.
     * Empty for the layer's root.
     */
    String place(String name) throws MalformedArchive {
        String clean = clean(name);
        String full =
                rules.prefix().isEmpty() || clean.isEmpty() ? rules.prefix() + clean : rules.prefix() + "/" + clean;
        String parent = LayerEntry.parentOf(full);
        if (parent.isEmpty() || parent.equals(openPath)) {
            return full;
        }
        String resolved = resolve(parent);
        String last = full.substring(parent.length() + 1);
        return resolved.isEmpty() ? last : resolved + "/" + last;
    }

    /** A name without empty parts and dots; {@code ..} that would leave the root is refused. */
    private static String clean(String name) throws MalformedArchive {
        if (name.indexOf('\0') >= 0) {
            throw new MalformedArchive("a name has a zero byte");
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    throw new MalformedArchive("the entry " + name + " would leave the root");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private String resolve(String path) throws MalformedArchive {
        Deque<String> left = new ArrayDeque<>(java.util.List.of(path.split("/", -1)));
        String at = "";
        int links = 0;
        while (!left.isEmpty()) {
            String part = left.removeFirst();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                at = LayerEntry.parentOf(at);
                continue;
            }
            String next = at.isEmpty() ? part : at + "/" + part;
            Optional<String> link = linkAt(next);
            if (link.isEmpty()) {
                at = next;
                continue;
            }
            if (++links > LINK_LIMIT) {
                throw new MalformedArchive("the path " + path + " goes through too many links");
            }
            String target = link.get();
            if (target.startsWith("/")) {
                at = "";
            }
            String[] parts = target.split("/", -1);
            for (int i = parts.length - 1; i >= 0; i--) {
                left.addFirst(parts[i]);
            }
        }
        return at;
    }

    private Optional<String> linkAt(String path) {
        Optional<LayerEntry> here = into.find(path);
        Optional<LayerEntry> entry = here.isPresent() ? here : lower.find(path);
        return entry.filter(each -> each.type() == LayerEntry.Type.SYMLINK).map(LayerEntry::link);
    }

    /** Opens the directory that a placed path lies in and makes what is missing of it. Stays open until the next call. */
    Directory parentOf(String path) {
        String parent = LayerEntry.parentOf(path);
        if (!parent.equals(openPath)) {
            ensure(parent);
            Directory next = parent.isEmpty() ? root.again() : root.openBeneath(parent);
            open.close();
            open = next;
            openPath = parent;
        }
        return open;
    }

    static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Makes what is missing of a path, from the top: an archive may be deeper than a stack. */
    private void ensure(String path) {
        Deque<String> missing = new ArrayDeque<>();
        for (String at = path;
                !at.isEmpty() && into.find(at).filter(LayerEntry::isDirectory).isEmpty();
                at = LayerEntry.parentOf(at)) {
            missing.push(at);
        }
        missing.forEach(this::make);
    }

    private void make(String path) {
        Optional<LayerEntry> below = lower.find(path).filter(LayerEntry::isDirectory);
        UnpackRules.Owner owner = rules.owner();
        LayerEntry entry = below.orElseGet(() -> owner == null
                ? LayerEntry.directory(path, 0755, 0, 0, rules.defaultTimeNs())
                : LayerEntry.directory(path, 0755, owner.uid(), owner.gid(), rules.defaultTimeNs()));
        Directory parent = parentOf(path);
        makeDirectory(parent, entry.withOpaque(false));
        if (below.isEmpty()) {
            into.find(path).ifPresent(into::addImplied);
        }
    }

    /** Makes a directory, or takes the one that is there; it gets its time when all is done. */
    void makeDirectory(Directory parent, LayerEntry entry) {
        Optional<LayerEntry> known = into.find(entry.path());
        boolean opaque = known.map(LayerEntry::opaque).orElse(false);
        String name = nameOf(entry.path());
        if (known.isPresent() && !known.get().isDirectory()) {
            // Where a deletion was, a new directory hides what was deleted.
            opaque = known.get().type() == LayerEntry.Type.WHITEOUT;
            clear(parent, entry.path());
        }
        if (parent.makeDirectoryIfAbsent(name, 0755) && opaque) {
            Overlay.setOpaque(parent.xattrs(name));
        }
        parent.chown(name, entry.uid(), entry.gid());
        parent.chmod(name, entry.mode());
        into.add(entry.withOpaque(opaque));
    }

    /** Removes what was unpacked at a path before. */
    void clear(Directory parent, String path) {
        if (into.find(path).isPresent()) {
            boolean isOpen = openPath.equals(path) || openPath.startsWith(path + "/");
            parent.removeTree(nameOf(path));
            into.forget(path);
            if (isOpen) {
                throw new dev.drydock.fault.Bug("unpack " + path + ": removed while it is open");
            }
        }
    }

    /** Hides what lower layers have in a directory. */
    void makeOpaque(String directory) {
        if (directory.isEmpty()) {
            into.hideAll();
        } else {
            ensure(directory);
            Overlay.setOpaque(root.xattrs(directory));
            into.find(directory).ifPresent(entry -> into.add(entry.withOpaque(true)));
        }
    }

    /** Gives the root of the layer its attributes; they are part of no tar stream. */
    void setRoot(LayerEntry entry) {
        root.chown("", entry.uid(), entry.gid());
        root.chmod("", entry.mode());
    }

    /** What is at a placed path on the disk, for tests of hard links. */
    Optional<FileStat> find(String path) {
        return root.find(path);
    }

    Directory root() {
        return root;
    }

    @Override
    public void close() {
        open.close();
    }
}
