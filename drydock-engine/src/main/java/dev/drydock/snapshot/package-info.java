/** Layer directories, chains of them, and the layered tree view. */
@NullMarked
package dev.drydock.snapshot;

import org.jspecify.annotations.NullMarked;
