/** Compares what is in a store with what it says of itself, and mends it. */
@NullMarked
package dev.drydock.integrity;

import org.jspecify.annotations.NullMarked;
