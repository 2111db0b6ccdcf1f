/** What {@code init} proposes for a project, as values. */
@NullMarked
package dev.drydock.scaffold;

import org.jspecify.annotations.NullMarked;
