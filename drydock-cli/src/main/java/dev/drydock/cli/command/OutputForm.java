package dev.drydock.cli.command;

import static dev.drydock.cli.command.OutputAttributes.failed;
import static dev.drydock.cli.command.OutputAttributes.refused;

import dev.drydock.engine.Compression;
import dev.drydock.engine.ImageForm;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Annotations;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that all outputs with an image in them have.
 *
 * @param names that the output gives the image itself
 * @param texts the names as they were written, or the {@code -t} that stand for them
 */
record OutputForm(ImageForm form, List<ImageRef> names, List<String> texts) {
    private static final Set<String> COMMON = Set.of(
            "name",
            "compression",
            "compression-level",
            "force-compression",
            "oci-mediatypes",
            "oci-artifact",
            "attestation-inline",
            "prefer-nondist-layers",
            "prefer-image-digest",
            "rewrite-timestamp",
            "source-date-epoch",
            "compatibility-version",
            "buildinfo",
            "buildinfo-attrs");
    static final Set<String> IMAGE_KEYS = with(
            "push",
            "push-by-digest",
            "registry.insecure",
            "unpack",
            "store",
            "dangling-name-prefix",
            "danging-name-empty-only",
            "name-canonical");
    static final Set<String> ARCHIVE_KEYS = with("tar", "context", "dest");

    private static Set<String> with(String... more) {
        Set<String> all = new TreeSet<>(COMMON);
        all.addAll(List.of(more));
        return all;
    }

    /** Takes the attributes out of an output. */
    static OutputForm of(OutputAttributes output, List<String> tags) {
        boolean ociTypes = output.isOn("oci-mediatypes", true);
        boolean artifact = output.isOn("oci-artifact", ociTypes);
        if (artifact && !ociTypes) {
            throw refused("exporter option \"oci-artifact=true\" conflicts with \"oci-mediatypes=false\"");
        }
        Compression compression = compression(output);
        passedOver(output);
        Annotations annotations = annotations(output.starting("annotation"), ociTypes);
        boolean rewrite = output.isOn("rewrite-timestamp", false);
        String name = output.text("name");
        List<String> texts = name == null || name.isEmpty() || name.equals("*") ? List.of() : List.of(name.split(","));
        List<ImageRef> names = new ArrayList<>();
        for (String each : texts) {
            names.add(name(each));
        }
        return new OutputForm(
                new ImageForm(compression, ociTypes, annotations, rewrite, epoch(output)),
                names,
                tags.isEmpty() ? texts : tags);
    }

    /** What has no meaning for images without attestations and foreign layers, or had one in old versions only. */
    private static void passedOver(OutputAttributes output) {
        output.isOn("attestation-inline", false);
        output.isOn("prefer-nondist-layers", false);
        output.isOn("prefer-image-digest", false);
        output.isOn("buildinfo", true);
        output.isOn("buildinfo-attrs", false);
        output.number("compatibility-version");
    }

    private static Compression compression(OutputAttributes output) {
        String kind = output.text("compression");
        boolean force = output.isOn("force-compression", false);
        Long level = output.number("compression-level");
        try {
            return compression(kind, level, force);
        } catch (UserFault e) {
            throw refused(e.text(), e.hints().toArray(String[]::new));
        }
    }

    /**
     * A compression by its words.
     *
     * @throws UserFault as BuildKit words it, if there is no such kind or level
     */
    static Compression compression(@Nullable String kind, @Nullable Long level, boolean force) {
        Compression.Kind known = switch (kind == null ? "gzip" : kind) {
            case "uncompressed" -> Compression.Kind.UNCOMPRESSED;
            case "gzip" -> Compression.Kind.GZIP;
            case "zstd" -> Compression.Kind.ZSTD;
            case "estargz" ->
                throw new UserFault("unsupported compression type estargz: layers that can be read by parts are"
                                + " not made here")
                        .hint("Use zstd, which is smaller and unpacks faster, or gzip, which every reader takes.");
            default ->
                throw new UserFault("unsupported compression type " + kind)
                        .hint("Layers become uncompressed, gzip or zstd.");
        };
        int most = known == Compression.Kind.ZSTD ? 22 : 9;
        if (level == null || known == Compression.Kind.UNCOMPRESSED || (level == 0 && known == Compression.Kind.ZSTD)) {
            return new Compression(known, Compression.USUAL, force);
        }
        if (level < 0 || level > most) {
            throw new UserFault(kind(known) + ": invalid compression level: " + level)
                    .hint("Levels of " + kind(known) + " are 0 to " + most + ".");
        }
        return new Compression(known, level.intValue(), force);
    }

    private static String kind(Compression.Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Annotations annotations(Map<String, String> attributes, boolean ociTypes) {
        List<Annotations.Annotation> all = new ArrayList<>();
        try {
            attributes.forEach((key, value) -> all.add(Annotations.ofAttribute(key, value)
                    .orElseThrow(() -> failed(
                            "invalid output: no attribute " + key,
                            "Write annotation.KEY or annotation-manifest.KEY."))));
            Annotations annotations = new Annotations(all);
            if (!ociTypes
                    && all.stream()
                            .anyMatch(each -> each.place() == Annotations.Place.INDEX
                                    || each.place() == Annotations.Place.INDEX_DESCRIPTOR)) {
                throw refused("cannot export annotations with \"oci-mediatypes=false\"");
            }
            annotations.checkSingle(Platform.host());
            return annotations;
        } catch (UserFault e) {
            throw refused(e.text(), e.hints().toArray(String[]::new));
        }
    }

    /** The time that stands for now, if the output has one of its own. */
    static @Nullable Instant epoch(OutputAttributes output) {
        Long seconds = output.number("source-date-epoch");
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }

    private static ImageRef name(String text) {
        try {
            ImageRef name = ImageRef.parse(text.strip());
            if (name.digest() != null) {
                throw refused("build tag cannot contain a digest");
            }
            return name.withDefaultTag();
        } catch (UserFault e) {
            throw refused("failed to parse " + text + ": " + e.text(), e.hints().toArray(String[]::new));
        }
    }

    static ImageRef repository(String text) {
        try {
            return ImageRef.parse(text);
        } catch (UserFault e) {
            throw refused("failed to parse " + text + ": " + e.text(), e.hints().toArray(String[]::new));
        }
    }

    /** A push by digest leaves no tag, so none may be written. */
    void refuseTags() {
        for (String text : texts) {
            ImageRef name = repository(text);
            if (name.tag() != null) {
                throw refused("can't push tagged ref " + name + " by digest", "Leave the tag out of the name.");
            }
        }
    }
}
