/** Task scopes, permits, deadlines, leases. Never exported. */
@NullMarked
package dev.drydock.scope;

import org.jspecify.annotations.NullMarked;
