/** Process specs to OCI runtime specs to child processes of an OCI runtime. */
@NullMarked
package dev.drydock.runtime;

import org.jspecify.annotations.NullMarked;
