/** The Dockerfile language: text to instructions with source ranges, and word expansion. */
@NullMarked
package dev.drydock.dockerfile;

import org.jspecify.annotations.NullMarked;
