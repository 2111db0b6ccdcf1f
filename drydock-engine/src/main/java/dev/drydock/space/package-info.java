/** What takes space in a store, what of it may go, and the ceiling that it is kept under. */
@NullMarked
package dev.drydock.space;

import org.jspecify.annotations.NullMarked;
