package dev.drydock.cli.command;

import dev.drydock.engine.ImageListing;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which images {@code drydock images} shows: different keys must all hold, of one key one value suffices. */
final class ImageFilters {
    private final Map<String, List<String>> filters = new TreeMap<>();
    private final List<Glob> references = new ArrayList<>();
    private final @Nullable Instant before;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final @Nullable Boolean dangling;
    private final boolean all;
    /** By image; filled only for filters that ask. */
    private final Map<Digest, Map<String, String>> labels = new HashMap<>();

    /**
     * @param operand one more pattern for names; null for none
     * @throws UserFault in the words of Docker's engine
     */
    ImageFilters(List<String> words, @Nullable String operand, boolean all, Store store, Instant now) {
        for (String word : words) {
            int equals = word.indexOf('=');
            filters.computeIfAbsent(word.substring(0, equals).strip(), _ -> new ArrayList<>())
                    .add(word.substring(equals + 1).strip());
        }
        if (operand != null) {
            filters.computeIfAbsent("reference", _ -> new ArrayList<>()).add(operand);
        }
        for (String key : filters.keySet()) {
            switch (key) {
                case "reference", "dangling", "label", "before", "since", "until" -> {}
                default ->
                    throw new UserFault("invalid filter '" + key + "'")
                            .hint("Known are: before, dangling, label, reference, since, until.");
            }
        }
        list("reference").forEach(pattern -> references.add(new Glob(pattern)));
        this.dangling = truth(list("dangling"));
        this.before = created(list("before"), store);
        this.since = created(list("since"), store);
        this.until =
                list("until").isEmpty() ? null : PastTime.parse(list("until").getFirst(), now);
        this.all = all;
        if (!list("label").isEmpty()) {
            store.images()
                    .forEach(image ->
                            labels.put(image.id(), image.config().config().labels()));
        }
    }

    /** An image that passes, with those of its names that pass. */
    record Shown(ImageListing image, List<ImageRef> names) {
        Shown {
            names = List.copyOf(names);
        }
    }

    private List<String> list(String key) {
        return filters.getOrDefault(key, List.of());
    }

    private static @Nullable Boolean truth(List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        return switch (values.getFirst()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new UserFault("invalid filter 'dangling=[" + values.getFirst() + "]'");
        };
    }

    private static @Nullable Instant created(List<String> values, Store store) {
        if (values.isEmpty()) {
            return null;
        }
        Instant created = store.image(values.getFirst()).config().created();
        return created == null ? Instant.EPOCH : created;
    }

    /** The images that pass, each with the names that pass. */
    List<Shown> apply(List<ImageListing> images) {
        List<Shown> shown = new ArrayList<>();
        for (ImageListing image : images) {
            List<ImageRef> names = names(image);
            boolean named = !image.isDangling();
            boolean fits = references.isEmpty() || !names.isEmpty();
            if (fits && wanted(named) && passes(image)) {
                shown.add(new Shown(image, names));
            }
        }
        return shown;
    }

    private boolean wanted(boolean named) {
        return dangling == null ? named || all : dangling != named;
    }

    private boolean passes(ImageListing image) {
        Instant created = image.created() == null ? Instant.EPOCH : image.created();
        if ((before != null && !created.isBefore(before)) || (since != null && !created.isAfter(since))) {
            return false;
        }
        if (until != null && !image.stored().isBefore(until)) {
            return false;
        }
        for (String label : list("label")) {
            int equals = label.indexOf('=');
            String value =
                    labels.getOrDefault(image.id(), Map.of()).get(equals < 0 ? label : label.substring(0, equals));
            if (value == null || (equals >= 0 && !value.equals(label.substring(equals + 1)))) {
                return false;
            }
        }
        return true;
    }

    private List<ImageRef> names(ImageListing image) {
        List<ImageRef> all = image.names().isEmpty() ? image.digests() : image.names();
        List<ImageRef> fitting = new ArrayList<>();
        for (ImageRef name : all) {
            if (references.isEmpty() || fits(name)) {
                fitting.add(name);
            }
        }
        return fitting;
    }

    private boolean fits(ImageRef name) {
        for (Glob glob : references) {
            if (glob.matches(name.familiar()) || glob.matches(name.familiarRepository())) {
                return true;
            }
        }
        return false;
    }
}
