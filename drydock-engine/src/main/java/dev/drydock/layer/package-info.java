/** Tar reading and writing, whiteouts, the layer index. */
@NullMarked
package dev.drydock.layer;

import org.jspecify.annotations.NullMarked;
