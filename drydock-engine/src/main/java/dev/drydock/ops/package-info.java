/** One runner per op: the only place where graph meets snapshots, runtime and sources. */
@NullMarked
package dev.drydock.ops;

import org.jspecify.annotations.NullMarked;
