/** The store's SQLite file: schema, migrations and transactions. Never exported. */
@NullMarked
package dev.drydock.metadata;

import org.jspecify.annotations.NullMarked;
