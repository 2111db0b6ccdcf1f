/** The Dockerfile frontend: instructions and options to a build plan. */
@NullMarked
package dev.drydock.frontend;

import org.jspecify.annotations.NullMarked;
