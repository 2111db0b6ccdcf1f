/** Cache keys to result records; why a step missed. */
@NullMarked
package dev.drydock.cache;

import org.jspecify.annotations.NullMarked;
