package dev.drydock.oci;

import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Annotations that an image is to carry beside its config: asked for with {@code --annotation}, or by an exporter's
 * attributes. Of two for the same place, platform and key the later one holds.
 */
public record Annotations(List<Annotation> all) {
    public static final Annotations NONE = new Annotations(List.of());

    private static final Pattern TYPE = Pattern.compile("([a-z-]+)(?:\\[([A-Za-z0-9_/-]+)])?");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("annotation(?:-([a-z-]+))?(?:\\[([A-Za-z0-9_/-]+)])?\\.(\\S+)");

    public Annotations {
        all = List.copyOf(all);
    }

    /** The document, or the descriptor that points at it, that carries an annotation. */
    public enum Place {
        MANIFEST("manifest"),
        INDEX("index"),
        MANIFEST_DESCRIPTOR("manifest-descriptor"),
        INDEX_DESCRIPTOR("index-descriptor");

        private final String word;

        Place(String word) {
            this.word = word;
        }

        private static Optional<Place> of(String word) {
            return Arrays.stream(values())
                    .filter(place -> place.word.equals(word))
                    .findFirst();
        }
    }

    /**
     * One annotation.
     *
     * @param platform whose image gets it; null for every one
     */
    public record Annotation(Place place, @Nullable Platform platform, String key, String value) {}

    /**
     * Reads values of {@code --annotation}: {@code [type[platform][,type…]:]key=value}, where a type is {@code manifest}
     * (without any too), {@code index}, {@code manifest-descriptor} or {@code index-descriptor}.
     *
     * @throws UserFault in the words of buildx
     */
    public static Annotations ofFlags(List<String> flags) {
        List<Annotation> all = new ArrayList<>();
        for (String flag : flags) {
            if (!flag.isEmpty()) {
                readFlag(flag, all);
            }
        }
        return new Annotations(all);
    }

    private static void readFlag(String flag, List<Annotation> all) {
        int equals = flag.indexOf('=');
        if (equals < 0) {
            throw new UserFault("invalid annotation \"" + flag + "\", expected key=value")
                    .hint("Write it as key=value, or type:key=value.");
        }
        String name = flag.substring(0, equals);
        String value = flag.substring(equals + 1);
        int colon = name.indexOf(':');
        if (colon < 0) {
            all.add(new Annotation(Place.MANIFEST, null, name, value));
            return;
        }
        for (String type : name.substring(0, colon).split(",", -1)) {
            Matcher matcher = TYPE.matcher(type);
            if (!matcher.matches()) {
                throw new UserFault("invalid annotation type \"" + type
                        + "\", expected type and optional platform in square brackets");
            }
            Place place = Place.of(matcher.group(1))
                    .orElseThrow(() -> unknown("unknown annotation type \"" + matcher.group(1) + "\"", matcher));
            all.add(new Annotation(place, platform(matcher.group(2)), name.substring(colon + 1), value));
        }
    }

    /**
     * Reads an exporter's attribute: {@code annotation.key}, {@code annotation-type.key} or
     * {@code annotation-type[platform].key}. Empty if its name is of another kind.
     *
     * @throws UserFault for a type or platform that there is none of, in the words of BuildKit
     */
    public static Optional<Annotation> ofAttribute(String name, String value) {
        Matcher matcher = ATTRIBUTE.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String type = matcher.group(1);
        Place place = type == null
                ? Place.MANIFEST
                : Place.of(type).orElseThrow(() -> unknown("unrecognized annotation type " + type, matcher));
        return Optional.of(new Annotation(place, platform(matcher.group(2)), matcher.group(3), value));
    }

    private static UserFault unknown(String message, Matcher matcher) {
        UserFault fault = new UserFault(message);
        Suggestion.nearest(
                        matcher.group(1),
                        Arrays.stream(Place.values()).map(place -> place.word).toList())
                .ifPresent(near -> fault.hint("Did you mean " + near + "?"));
        return fault.hint("Types are manifest, index, manifest-descriptor and index-descriptor.");
    }

    private static @Nullable Platform platform(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Platform.parse(text);
        } catch (UserFault e) {
            throw new UserFault("invalid platform \"" + text + "\": " + e.text(), e);
        }
    }

    /** These, and after them the others. */
    public Annotations and(List<Annotation> others) {
        List<Annotation> both = new ArrayList<>(all);
        both.addAll(others);
        return new Annotations(both);
    }

    /**
     * Checks that an image of one platform can carry them.
     *
     * @throws UserFault if one is for an index, which there is none of, or for an image of another platform
     */
    public void checkSingle(Platform platform) {
        for (Annotation each : all) {
            if (each.platform() != null && !each.platform().equals(platform)) {
                throw new UserFault("invalid annotation: no platform " + each.platform() + " found in source")
                        .hint("This build makes an image for " + platform + ".");
            }
        }
        for (Annotation each : all) {
            if (each.place() == Place.INDEX || each.place() == Place.INDEX_DESCRIPTOR) {
                throw new UserFault("index annotations not supported for single platform export")
                        .hint("An image of one platform has a manifest only: leave out the type, or write manifest:"
                                + each.key() + "=" + each.value() + ".");
            }
        }
    }

    /** What a place of the platform's image carries, by key. Those for the platform win over those for every one. */
    public SortedMap<String, String> at(Place place, Platform platform) {
        SortedMap<String, String> found = new TreeMap<>();
        for (Annotation each : all) {
            if (each.place() == place && each.platform() == null) {
                found.put(each.key(), each.value());
            }
        }
        for (Annotation each : all) {
            if (each.place() == place && platform.equals(each.platform())) {
                found.put(each.key(), each.value());
            }
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /** What the manifest of the platform's image carries. */
    public Map<String, String> ofManifest(Platform platform) {
        return at(Place.MANIFEST, platform);
    }
}
