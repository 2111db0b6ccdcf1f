package dev.drydock.cli.command;

import dev.drydock.engine.CacheEntry;
import dev.drydock.fault.UserFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Filters of {@code du} and {@code prune} for the build cache: BuildKit's fields and operators. All must hold. */
final class CacheFilters {
    /** The fields, for help. */
    static final String FIELDS =
            "until=TIME, id=, parents=, description=, type=, inuse, mutable, immutable, shared, private; also != and ~=";

    private CacheFilters() {}

    /** Reads the filters; of those about images nothing is taken. */
    static Predicate<CacheEntry> of(List<String> words, Instant now) {
        List<Predicate<CacheEntry>> all = new ArrayList<>();
        for (String word : words) {
            if (!PruneFilters.isForImages(word)) {
                all.add(of(word, now));
            }
        }
        return entry -> all.stream().allMatch(filter -> filter.test(entry));
    }

    private static Predicate<CacheEntry> of(String word, Instant now) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            return truth(word.strip(), word);
        }
        boolean not = equals > 0 && word.charAt(equals - 1) == '!';
        boolean like = equals > 0 && word.charAt(equals - 1) == '~';
        String field = word.substring(0, not || like ? equals - 1 : equals).strip();
        String value = word.substring(equals + 1).strip();
        if (field.equals("until")) {
            Instant until = PastTime.parse(value, now);
            return entry -> entry.lastUsed().isBefore(until);
        }
        if (value.equals("true") || value.equals("false")) {
            Predicate<CacheEntry> holds = truth(field, word);
            return value.equals("true") != not ? holds : holds.negate();
        }
        Predicate<CacheEntry> is = text(field, value, like, word);
        return not ? is.negate() : is;
    }

    private static Predicate<CacheEntry> truth(String field, String word) {
        return switch (field) {
            case "inuse" -> CacheEntry::inUse;
            case "mutable" -> CacheEntry::mutable;
            case "immutable" -> entry -> !entry.mutable();
            case "shared" -> CacheEntry::shared;
            case "private" -> entry -> !entry.shared();
            default -> throw invalid(word);
        };
    }

    private static Predicate<CacheEntry> text(String field, String value, boolean like, String word) {
        Predicate<String> matches = like ? text -> text.contains(value) : text -> text.equals(value);
        return switch (field) {
            case "id" -> entry -> matches.test(entry.id());
            case "description" -> entry -> matches.test(entry.description());
            case "type" -> entry -> matches.test(entry.type());
            case "parents" ->
                entry -> List.of(value.split(";", -1)).stream()
                        .allMatch(parent -> entry.parents().contains(parent));
            default -> throw invalid(word);
        };
    }

    private static UserFault invalid(String word) {
        return new UserFault("invalid filter '" + word + "'").hint("Known are: " + FIELDS + ".");
    }
}
