/** One class per command: flags to requests. */
@NullMarked
package dev.drydock.cli.command;

import org.jspecify.annotations.NullMarked;
