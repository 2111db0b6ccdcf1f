/** The solver: memo table, order and cancellation; generic in its result. */
@NullMarked
package dev.drydock.solver;

import org.jspecify.annotations.NullMarked;
