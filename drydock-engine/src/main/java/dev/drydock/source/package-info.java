/** Sources of file trees: the local context with its stat cache, root file system archives. */
@NullMarked
package dev.drydock.source;

import org.jspecify.annotations.NullMarked;
