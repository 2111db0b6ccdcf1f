/** Go's text/template, as much of it as Docker's commands document for {@code --format}. */
@NullMarked
package dev.drydock.cli.template;

import org.jspecify.annotations.NullMarked;
