/** Content-addressed blobs with durable ingest. */
@NullMarked
package dev.drydock.content;

import org.jspecify.annotations.NullMarked;
