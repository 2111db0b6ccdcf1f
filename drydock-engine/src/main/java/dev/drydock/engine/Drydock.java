package dev.drydock.engine;

import dev.drydock.event.BuildEvents;
import dev.drydock.fault.Bug;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Builds images and looks after a store of them. Opens quickly; what a command does not need is not loaded. Safe for
 * several threads, and for several processes on one store. The caller closes it.
 */
@SuppressWarnings("DoNotCallSuggester") // until the wiring lands
public final class Drydock implements AutoCloseable {
    private Drydock() {}

    /** Opens the store under {@code root}, making it if it is missing. */
    public static Drydock open(Path root) {
        throw new Bug("open store " + root + ": not wired");
    }

    /**
     * Builds an image. Blocks; interrupting the thread cancels the build, ends its steps and leaves nothing behind.
     *
     * @throws dev.drydock.fault.DrydockException if the build fails; a step's fault carries its place in the Dockerfile
     */
    public BuildResult build(BuildRequest request, BuildEvents events) throws InterruptedException {
        throw new Bug("build: not wired");
    }

    /** Every image with what {@code images} shows of it, newest first by creation time, dangling ones too. */
    public List<ImageSummary> images() {
        throw new Bug("images: not wired");
    }

    /**
     * The image that a name, a full ID or a unique ID prefix of at least four digits means, in Docker's order of
     * precedence.
     *
     * @throws dev.drydock.fault.UserFault {@code No such image: x:latest} or {@code ambiguous reference}
     */
    public ImageSummary image(String nameOrId) {
        throw new Bug("image: not wired");
    }

    /** Points {@code target} at the image; a name that exists moves. */
    public void tag(String source, ImageRef target) {
        throw new Bug("tag: not wired");
    }

    /** How {@link #remove} goes about it. */
    public enum Force {
        NO,
        YES
    }

    /**
     * Removes a name, or an image by ID, and frees what nothing else uses.
     *
     * @return what was done, in the order in which Docker prints it
     */
    public List<Removal> remove(String nameOrId, Force force) {
        throw new Bug("remove: not wired");
    }

    /** The bytes of the image's configuration, as stored. */
    public byte[] rawConfig(Digest id) {
        throw new Bug("rawConfig: not wired");
    }

    /**
     * Makes a one-layer image of a root file system archive: tar, plain or compressed.
     *
     * @param archive read to its end; the caller closes it
     * @return the image ID
     */
    public Digest importRootfs(InputStream archive, ImportRequest request) throws InterruptedException {
        throw new Bug("import: not wired");
    }

    /**
     * Writes images as one archive that Docker, Podman and OCI tools load.
     *
     * @param out written to its end and flushed; the caller closes it
     */
    public void save(List<String> namesOrIds, OutputStream out) throws InterruptedException {
        throw new Bug("save: not wired");
    }

    @Override
    public void close() {}
}
