package dev.drydock.images;

import dev.drydock.oci.Descriptor;
import dev.drydock.snapshot.LayerId;

/** The bytes that a layer came in, as a registry or an archive describes them. */
public record LayerBlob(LayerId layer, Descriptor descriptor) {}
