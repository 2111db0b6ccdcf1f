package dev.drydock.cli.command;

import dev.drydock.engine.ImageSummary;
import dev.drydock.fault.UserFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Filters of {@code image prune} and {@code prune} for images: {@code until}, {@code label}, {@code label!}. */
final class PruneFilters {
    private PruneFilters() {}

    /** Whether a filter says something of images only. */
    static boolean isForImages(String word) {
        return word.startsWith("label=") || word.startsWith("label!=") || word.startsWith("dangling=");
    }

    /**
     * Reads the filters.
     *
     * @param alsoCache whether those about the build cache are passed over, and not refused
     * @throws UserFault in the words of Docker's engine
     */
    static Predicate<ImageSummary> of(List<String> words, boolean alsoCache, Instant now) {
        List<Predicate<ImageSummary>> all = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = word.substring(0, equals < 0 ? word.length() : equals).strip();
            String value = word.substring(equals + 1).strip();
            switch (key) {
                case "until" -> {
                    Instant until = PastTime.parse(value, now);
                    all.add(image -> image.stored().isBefore(until));
                }
                case "label" -> all.add(label(value));
                case "label!" -> all.add(label(value).negate());
                case "dangling" -> {} // --all says it
                default -> {
                    if (!alsoCache) {
                        throw new UserFault("invalid filter '" + key + "'").hint("Known are: label, label!, until.");
                    }
                    all.add(_ -> false); // who asks for a part of the cache means no image
                }
            }
        }
        return image -> all.stream().allMatch(filter -> filter.test(image));
    }

    private static Predicate<ImageSummary> label(String label) {
        int equals = label.indexOf('=');
        String key = equals < 0 ? label : label.substring(0, equals);
        return image -> {
            Map<String, String> labels = image.config().config().labels();
            String value = labels.get(key);
            return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
        };
    }

    /**
     * Adds what the user's configuration filters always, unless the command line says the contrary.
     *
     * @param configured {@code pruneFilters} of Docker's {@code config.json}
     */
    static List<String> withConfigured(List<String> given, List<String> configured) {
        List<String> all = new ArrayList<>();
        for (String word : configured) {
            String contrary = word.startsWith("label!=")
                    ? "label=" + word.substring("label!=".length())
                    : word.startsWith("label=") ? "label!=" + word.substring("label=".length()) : "";
            if (!given.contains(contrary)) {
                all.add(word);
            }
        }
        all.addAll(given);
        return all;
    }
}
