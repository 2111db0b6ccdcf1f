/** Foreign-function bindings to Linux. Never exported. */
@NullMarked
package dev.drydock.linux;

import org.jspecify.annotations.NullMarked;
