package dev.drydock.engine;

import dev.drydock.export.MediaFamily;
import dev.drydock.export.Outgoing;
import dev.drydock.export.Shape;
import dev.drydock.layer.Compressor;
import dev.drydock.oci.Annotations;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** From what a request says of an image that goes out to how the exporters shape it. */
final class Shapes {
    private Shapes() {}

    /** Archives say when their image was made: here its own time, so that the same image gives the same archive. */
    static Shape dated(ImageForm form, BuildRequest request, Outgoing image) {
        Shape shape = of(form, request);
        Map<String, String> annotations = new TreeMap<>(shape.descriptorAnnotations());
        Instant created = image.created();
        if (created != null) {
            annotations.putIfAbsent(
                    "org.opencontainers.image.created",
                    created.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return new Shape(shape.form(), shape.family(), shape.force(), shape.annotations(), annotations);
    }

    /** A manifest as an index or a build's metadata names it. */
    static Descriptor annotated(Descriptor manifest, Shape shape) {
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                manifest.platform(),
                shape.descriptorAnnotations());
    }

    /** With the annotations of the request over those of the output. */
    static Shape of(ImageForm form, BuildRequest request) {
        Platform platform = request.platform();
        Annotations asked = request.annotations();
        Map<String, String> manifest = new TreeMap<>(form.annotations().ofManifest(platform));
        manifest.putAll(asked.ofManifest(platform));
        Annotations.Place place = Annotations.Place.MANIFEST_DESCRIPTOR;
        Map<String, String> descriptor = new TreeMap<>(form.annotations().at(place, platform));
        descriptor.putAll(asked.at(place, platform));
        return of(form, manifest, descriptor);
    }

    private static Shape of(ImageForm form, Map<String, String> manifest, Map<String, String> descriptor) {
        return new Shape(
                form(form.compression()),
                form.ociTypes() ? MediaFamily.OCI : MediaFamily.DOCKER,
                form.compression().force() ? Shape.Force.YES : Shape.Force.NO,
                manifest,
                descriptor);
    }

    private static Compressor.Form form(Compression compression) {
        Compressor.Kind kind = switch (compression.kind()) {
            case UNCOMPRESSED -> Compressor.Kind.NONE;
            case GZIP -> Compressor.Kind.GZIP;
            case ZSTD -> Compressor.Kind.ZSTD;
        };
        return compression.level() == Compression.USUAL || kind == Compressor.Kind.NONE
                ? Compressor.Form.of(kind)
                : new Compressor.Form(kind, compression.level());
    }

    /** What a compression is to a push. */
    static Shape of(Compression compression) {
        return of(ImageForm.USUAL.with(compression), Map.of(), Map.of());
    }
}
