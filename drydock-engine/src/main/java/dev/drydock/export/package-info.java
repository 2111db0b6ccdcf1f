/** Results to images in the store and to archives. */
@NullMarked
package dev.drydock.export;

import org.jspecify.annotations.NullMarked;
