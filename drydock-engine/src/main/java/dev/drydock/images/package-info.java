/** Names to images; list, tag, remove; reachability and garbage collection. */
@NullMarked
package dev.drydock.images;

import org.jspecify.annotations.NullMarked;
