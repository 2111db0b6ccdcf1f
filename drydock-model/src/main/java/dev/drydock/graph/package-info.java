/** Build graphs: operations one to one with BuildKit's LLB, vertices and their digests. */
@NullMarked
package dev.drydock.graph;

import org.jspecify.annotations.NullMarked;
