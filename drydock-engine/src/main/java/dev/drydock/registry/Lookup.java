package dev.drydock.registry;

import dev.drydock.oci.Descriptor;

/** What a registry says to a name. */
public sealed interface Lookup {
    /** It stands for this manifest or index. */
    record Found(Descriptor descriptor) implements Lookup {}

    /** There is nothing of this name. */
    record Missing() implements Lookup {}

    /** It may or may not be there: we are not let in. {@code reason} is fit for people. */
    record Refused(String reason) implements Lookup {}
}
