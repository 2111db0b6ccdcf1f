package dev.drydock.engine;

import dev.drydock.ops.ContextSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A context that is at hand.
 *
 * @param source where steps read its files
 * @param directory the directory of this host that it is, null when it was fetched; only the former has an ignore file
 * @param dockerfile the Dockerfile that came in place of files; null when there are files
 * @param identity the same for every build of the same context, for comparing builds
 */
record OpenContext(
        ContextSource source,
        @Nullable Path directory,
        @Nullable String dockerfile,
        String identity) {}
