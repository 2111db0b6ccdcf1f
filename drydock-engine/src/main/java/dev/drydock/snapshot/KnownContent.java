package dev.drydock.snapshot;

import dev.drydock.oci.Digest;
import java.util.function.Predicate;

/**
 * What the bytes of a file must be that others may change.
 *
 * @param digest of the bytes
 * @param certain whether an open file has these very bytes, for sure and without reading it; false when its times prove
 *     nothing. True before and after a reading, it vouches for what was read between
 */
public record KnownContent(Digest digest, Predicate<SourceFile> certain) {}
