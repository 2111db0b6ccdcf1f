/** The networks of steps: a namespace of a build's own with a way out, or with a list of hosts that it may reach. */
@NullMarked
package dev.drydock.network;

import org.jspecify.annotations.NullMarked;
