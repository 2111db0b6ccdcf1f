/** The events of a build: the only stream that renderers and APIs read. */
@NullMarked
package dev.drydock.event;

import org.jspecify.annotations.NullMarked;
