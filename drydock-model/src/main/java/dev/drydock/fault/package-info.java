/** Faults: what went wrong, on what, who must act, and what to do next. */
@NullMarked
package dev.drydock.fault;

import org.jspecify.annotations.NullMarked;
