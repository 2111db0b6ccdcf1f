package dev.drydock.registry;

import dev.drydock.oci.Descriptor;
import java.io.InputStream;

/** Where the parts of an image come from: a repository of a registry, or a directory. */
public interface Origin {
    /** How often content is fetched that turns out not to be what its digest says. */
    int CONTENT_ATTEMPTS = 3;

    /**
     * A manifest or an index. Blocks.
     *
     * @throws dev.drydock.fault.CorruptData if the bytes are not what the descriptor says
     */
    Document document(Descriptor wanted) throws InterruptedException;

    /** Opens a blob, whose bytes the reader checks. The caller closes the stream. */
    InputStream blob(Descriptor blob);
}
