/** The command line: {@code Main}. */
@NullMarked
package dev.drydock.cli;

import org.jspecify.annotations.NullMarked;
