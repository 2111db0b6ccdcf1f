package dev.drydock.snapshot;

import java.util.Optional;

/**
 * The bytes of a new file that stand one after the other in another file, as in an archive.
 *
 * @param file stays open until all that was planned of it is written
 * @param position of the first byte
 * @param capability the new file's {@code security.capability}
 */
public record FilePart(SourceFile file, long position, long length, Optional<byte[]> capability) {}
