package dev.drydock.source;

import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.TreeNode;
import java.security.MessageDigest;

/** Copies a part of a context to a place of its own, where nobody but the build changes it. */
final class ContextCopy {
    private final ContextTree context;
    private final byte[] buffer = new byte[64 * 1024];

    ContextCopy(ContextTree context) {
        this.context = context;
    }

    void copy(TreeNode node, String target) throws InterruptedException {
        int slash = target.lastIndexOf('/');
        try (Directory parent = Directory.open(slash == 0 ? "/" : target.substring(0, slash))) {
            copy(node, parent, target.substring(slash + 1));
        }
    }

    private void copy(TreeNode node, Directory into, String name) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        switch (node.kind()) {
            case DIRECTORY -> {
                into.makeDirectory(name, 0700);
                try (Directory made = into.openDirectory(name)) {
                    for (TreeNode child : context.list(node.path())) {
                        copy(child, made, child.name());
                    }
                }
                into.chmod(name, node.mode());
            }
            case FILE -> copyFile(node, into, name);
            case SYMLINK -> into.symlink(node.target(), name);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
                into.makeNode(name, node.kind().type() | node.mode(), (int) (node.device() >> 32), (int) node.device());
        }
        into.setTime(name, node.mtimeNs());
    }

    private void copyFile(TreeNode node, Directory into, String name) throws InterruptedException {
        Digest wanted = context.contentDigest(node);
        MessageDigest sha = Digest.newSha256();
        try (OpenFile to = into.createFile(name, node.mode())) {
            if (node.size() > 0) {
                int slash = node.host().lastIndexOf('/');
                try (Directory from = Directory.open(node.host().substring(0, slash));
                        OpenFile file = from.openFile(node.name())) {
                    int n = file.read(buffer, 0, buffer.length);
                    while (n > 0) {
                        sha.update(buffer, 0, n);
                        to.write(buffer, 0, n);
                        n = file.read(buffer, 0, buffer.length);
                    }
                }
            }
            to.chmod(node.mode());
        }
        if (!Digest.sha256(sha.digest()).equals(wanted)) {
            throw ScannedContext.changed(node.path());
        }
    }
}
