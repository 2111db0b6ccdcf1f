/** The façade: {@link dev.drydock.engine.Drydock} builds, stores, names and shows images; the composition root. */
@NullMarked
package dev.drydock.engine;

import org.jspecify.annotations.NullMarked;
