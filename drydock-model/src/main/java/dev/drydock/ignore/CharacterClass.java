package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

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
