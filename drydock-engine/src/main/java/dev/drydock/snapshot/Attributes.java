package dev.drydock.snapshot;

/**
 * What a file gets besides its content.
 *
 * @param mode permission and special bits, {@code 07777}; without meaning for a symbolic link
 * @param mtimeNs modification time in nanoseconds since the epoch
 */
public record Attributes(int mode, int uid, int gid, long mtimeNs) {
    /** What {@code node} has. */
    public static Attributes of(TreeNode node) {
        return new Attributes(node.mode(), node.uid(), node.gid(), node.mtimeNs());
    }
}
