/** The {@code .dockerignore} dialect: patterns to an immutable matcher. */
@NullMarked
package dev.drydock.ignore;

import org.jspecify.annotations.NullMarked;
