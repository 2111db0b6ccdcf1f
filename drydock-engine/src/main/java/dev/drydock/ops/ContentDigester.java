package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.PathPattern;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import dev.drydock.source.ContentManifest;
import dev.drydock.source.ContentManifests;
import dev.drydock.source.ContextTree;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Digests what a step sees of an input: relative names, kinds, modes, owners, link targets, file capabilities and content,
 * not times, not inode numbers, and not the attributes of a directory that is itself selected. The bytes, version 1:
 *
 * <pre>
 * "drydock-content-1\n", then for each selection "s", and for each match "m", its last name and 0 when it was found by a
 * wildcard, then its records:
 * record:  name relative to the match and 0, kind (one byte), mode, uid, gid (int each), then
 *          a file's SHA-256, a link's target and 0, a device's number (long); then
 *          the length of the capability (int) and its bytes
 * A selected directory has no record of its own.
 * </pre>
 */
final class ContentDigester {
    private static final byte[] VERSION = "drydock-content-1\n".getBytes(StandardCharsets.US_ASCII);

    private final InputTree input;
    private final MessageDigest sha = Digest.newSha256();
    private final Map<String, ContentManifest.Entry> manifest = new LinkedHashMap<>();
    private final ByteBuffer numbers = ByteBuffer.allocate(32);

    private ContentDigester(InputTree input) {
        this.input = input;
        sha.update(VERSION);
    }

    /** A content digest with what it was made of. */
    record Content(Digest digest, ContentManifest manifest) {
        /** Keeps what it was made of, so that a later change can be told. */
        void keep(ContentManifests manifests, FileTree input) {
            manifests.save(digest, manifest);
            if (input instanceof FileTree.HostDirectory(ContextTree context)) {
                manifests.comesFrom(digest, context);
            }
        }
    }

    /**
     * Digests the selections.
     *
     * @param step names the step in messages
     * @throws UserFault if a path without wildcards is not there
     */
    static Content digest(InputTree input, List<Selection> selections, Digest step) throws InterruptedException {
        ContentDigester digester = new ContentDigester(input);
        for (Selection selection : selections) {
            digester.add(selection, step);
        }
        return new Content(
                Digest.sha256(digester.sha.digest()), new ContentManifest(List.copyOf(digester.manifest.values())));
    }

    private void add(Selection selection, Digest step) throws InterruptedException {
        sha.update((byte) 's');
        TreeView view = input.view();
        boolean pattern = selection.wildcard() && PathPattern.isPattern(selection.path());
        List<String> matches =
                pattern ? PathPattern.expand(view, selection.path()) : List.of(TreeView.clean(selection.path()));
        List<TreeNode> nodes = new ArrayList<>();
        for (String match : matches) {
            String path = selection.followLinks() ? view.resolve(match) : view.resolveParent(match);
            nodes.add(view.lstat(path).orElseThrow(() -> notFound(match, step)));
        }
        input.readAhead(nodes.stream().map(TreeNode::path).toList());
        for (int i = 0; i < nodes.size(); i++) {
            sha.update((byte) 'm');
            if (pattern) {
                name(matches.get(i).substring(matches.get(i).lastIndexOf('/') + 1));
            }
            match(nodes.get(i), selection, step);
        }
    }

    private void match(TreeNode node, Selection selection, Digest step) throws InterruptedException {
        if (!node.isDirectory()) {
            record(node, "");
            return;
        }
        for (String required : selection.required()) {
            String path = TreeView.clean(node.path() + "/" + required);
            if (input.view().lstat(input.view().resolveParent(path)).isEmpty()) {
                throw notFound(path, step);
            }
        }
        below(node, "", selection.filter());
    }

    private void below(TreeNode directory, String relative, Selection.Filter filter) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        for (TreeNode child : input.view().list(directory.path())) {
            String name = relative.isEmpty() ? child.name() : relative + "/" + child.name();
            boolean entered = child.isDirectory() && (filter.takesAll() || filter.enters(name));
            // A directory on the way to something that is taken lends its attributes to the copy.
            if (filter.takesAll()
                    || filter.takes(name)
                    || (entered && !filter.excludes().ignored(name))) {
                record(child, name);
            }
            if (entered) {
                below(child, name, filter);
            }
        }
    }

    private void record(TreeNode node, String relative) throws InterruptedException {
        name(relative);
        sha.update((byte) node.kind().code());
        int mode = node.isSymlink() ? 0777 : node.mode();
        numbers(node.uid(), node.gid(), mode);
        long content = 0;
        switch (node.kind()) {
            case FILE -> {
                byte[] hash = input.contentHash(node);
                content = ContentManifest.shortened(hash);
                sha.update(hash);
            }
            case SYMLINK -> {
                content = ContentManifest.shortened(
                        Digest.of(ContentManifest.bytes(node.target())).bytes());
                name(node.target());
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                content = node.device();
                sha.update(numbers.clear().putLong(content).flip());
            }
            case DIRECTORY, FIFO, SOCKET -> {}
        }
        byte[] capability = node.isFile() ? input.capability(node.path()).orElse(new byte[0]) : new byte[0];
        sha.update(numbers.clear().putInt(capability.length).flip());
        sha.update(capability);
        String path = node.path().substring(1);
        manifest.put(path, new ContentManifest.Entry(path, node.kind(), mode, node.uid(), node.gid(), content));
    }

    private void numbers(int a, int b, int c) {
        sha.update(numbers.clear().putInt(a).putInt(b).putInt(c).flip());
    }

    private void name(String name) {
        sha.update(ContentManifest.bytes(name));
        sha.update((byte) 0);
    }

    private UserFault notFound(String path, Digest step) {
        UserFault fault = new UserFault("failed to calculate checksum of ref " + reference(step, 0) + "::"
                + reference(step, 16) + ": \"" + path + "\": not found");
        return MissingPath.explain(fault, input, path);
    }

    /** Looks like a reference of BuildKit's: 25 letters and digits. */
    private static String reference(Digest step, int from) {
        byte[] part = HexFormat.of().parseHex(step.hex().substring(from * 2, from * 2 + 32));
        String text = new BigInteger(1, part).toString(36);
        return ("0".repeat(25) + text).substring(text.length());
    }
}
