/** Events to screen: tty, plain, raw JSON. */
@NullMarked
package dev.drydock.cli.render;

import org.jspecify.annotations.NullMarked;
