/** The distribution client: resolve, fetch, push, credentials, retry, redaction. */
@NullMarked
package dev.drydock.registry;

import org.jspecify.annotations.NullMarked;
