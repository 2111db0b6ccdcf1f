package dev.drydock.snapshot;

import dev.drydock.linux.OpenFile;
import java.io.IOException;
import java.util.Optional;

/** Where the bytes of a new file come from, for one reading. */
@FunctionalInterface
public interface FileBytes {
    /** Gives the next bytes; 0 or less when there are no more. */
    int read(byte[] buffer) throws IOException;

    /** The file's {@code security.capability}. */
    default Optional<byte[]> capability() {
        return Optional.empty();
    }

    /** Fills a file. Capabilities and special bits vanish when the owner changes, so they come after it. */
    static void write(FileBytes bytes, OpenFile file, Attributes attributes) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int n = bytes.read(buffer); n > 0; n = bytes.read(buffer)) {
            file.write(buffer, 0, n);
        }
        file.chown(attributes.uid(), attributes.gid());
        file.chmod(attributes.mode());
        bytes.capability().ifPresent(value -> file.xattrs().set("security.capability", value));
        file.setTime(attributes.mtimeNs());
    }
}
