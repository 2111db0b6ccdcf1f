package dev.drydock.export;

import dev.drydock.layer.Compressor;
import dev.drydock.layer.Compressor.Form;
import dev.drydock.oci.Descriptor;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an image that goes out is to look.
 *
 * @param form what layers become that are made here, or came plain in an archive
 * @param force whether layers that came in another form become this one too
 * @param annotations of its manifest
 * @param descriptorAnnotations of what names the manifest in an index
 */
public record Shape(
        Form form,
        MediaFamily family,
        Force force,
        Map<String, String> annotations,
        Map<String, String> descriptorAnnotations) {
    /** Whether something is done even where it need not be. */
    public enum Force {
        NO,
        YES
    }

    public Shape {
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        descriptorAnnotations = Collections.unmodifiableMap(new TreeMap<>(descriptorAnnotations));
    }

    /** Gzip, OCI's types, and other layers as they came. */
    public static Shape usual() {
        return new Shape(Form.of(Compressor.Kind.GZIP), MediaFamily.OCI, Force.NO, Map.of(), Map.of());
    }

    /** What its manifest says: what the store's manifest says, and over it what is asked for. */
    Map<String, String> annotations(Outgoing image) {
        Map<String, String> all = new TreeMap<>(image.annotations());
        all.putAll(annotations);
        return all;
    }

    /** Whether an image may go with the manifest that it came with. */
    boolean leavesAsItCame(Outgoing image) {
        return force == Force.NO
                && annotations.isEmpty()
                && image.own().filter(Outgoing.Own::whole).isPresent();
    }

    /** Whether every layer can go in the bytes that it came in. */
    public boolean keepsAll(Outgoing image) {
        return image.layers().stream().allMatch(layer -> kept(layer).isPresent());
    }

    /** The bytes that a layer came in, under a type of the wanted family, if they will do. */
    Optional<Descriptor> kept(Outgoing.Part layer) {
        return layer.kept()
                .flatMap(blob -> MediaFamily.compression(blob.mediaType())
                        .filter(kind -> kind == form.kind() || force == Force.NO)
                        .map(kind -> new Descriptor(family.layer(kind), blob.digest(), blob.size())));
    }
}
