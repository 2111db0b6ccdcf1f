package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A set of characters as ranges, each the first and the last. Immutable. */
record CharacterClass(List<Range> ranges) {
    static final CharacterClass DIGIT = of("09");
    static final CharacterClass WORD = of("09AZ__az");
    static final CharacterClass SPACE = of("\t\n\f\r  ");

    /** The names that stand in {@code [:name:]}. */
    static final Map<String, CharacterClass> NAMED = Map.ofEntries(
            Map.entry("alnum", of("09AZaz")),
            Map.entry("alpha", of("AZaz")),
            Map.entry("ascii", of("\0\u007F")),
            Map.entry("blank", of("\t\t  ")),
            Map.entry("cntrl", of("\0\u001F\u007F\u007F")),
            Map.entry("digit", DIGIT),
            Map.entry("graph", of("!~")),
            Map.entry("lower", of("az")),
            Map.entry("print", of(" ~")),
            Map.entry("punct", of("!/:@[`{~")),
            Map.entry("space", of("\t\r  ")),
            Map.entry("upper", of("AZ")),
            Map.entry("word", WORD),
            Map.entry("xdigit", of("09AFaf")));

    /** The values of {@link Character#getType} that make up a category. */
    private static final Map<Character, String> CATEGORIES = Map.of(
            'L', "\u0001\u0002\u0003\u0004\u0005",
            'M', "\u0006\u0007\u0008",
            'N', "\u0009\u000B\n",
            'Z', "\f\r\u000E",
            'C', "\u000F\u0010\u0012\u0013",
            'P', "\u0014\u0015\u0016\u0017\u0018\u001D\u001E",
            'S', "\u0019\u001A\u001B\u001C");

    record Range(int first, int last) {}

    CharacterClass {
        ranges = List.copyOf(ranges);
    }

    /** Pairs of characters, each a range. */
    private static CharacterClass of(String pairs) {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < pairs.length(); i += 2) {
            ranges.add(new Range(pairs.charAt(i), pairs.charAt(i + 1)));
        }
        return new CharacterClass(ranges);
    }

    /** All characters of one of Unicode's general categories, whose first letter is given; null for another letter. */
    static @Nullable CharacterClass category(char letter) {
        String types = CATEGORIES.get(letter);
        if (types == null) {
            return null;
        }
        List<Range> ranges = new ArrayList<>();
        int first = -1;
        for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean in = c <= Character.MAX_CODE_POINT && types.indexOf(Character.getType(c)) >= 0;
            if (in && first < 0) {
                first = c;
            } else if (!in && first >= 0) {
                ranges.add(new Range(first, c - 1));
                first = -1;
            }
        }
        return new CharacterClass(ranges);
    }

    boolean has(int c) {
        for (Range range : ranges) {
            if (c >= range.first && c <= range.last) {
                return true;
            }
        }
        return false;
    }

    /** All other characters. */
    CharacterClass inverse() {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(Range::first));
        List<Range> gaps = new ArrayList<>();
        int next = 0;
        for (Range range : sorted) {
            if (range.first > next) {
                gaps.add(new Range(next, range.first - 1));
            }
            next = Math.max(next, range.last + 1);
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps.add(new Range(next, Character.MAX_CODE_POINT));
        }
        return new CharacterClass(gaps);
    }
}
