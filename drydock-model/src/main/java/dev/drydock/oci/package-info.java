/** The OCI image model: digests, descriptors, references, platforms, manifests and configs. */
@NullMarked
package dev.drydock.oci;

import org.jspecify.annotations.NullMarked;
