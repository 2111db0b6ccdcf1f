package dev.drydock.ignore;

/**
 * The check that comes before anything else: Go's {@code filepath.Match} of a single dot, which looks at a pattern only as far
 * as it may still match. What lies behind is found out, or not, by {@link RegularExpression}.
 */
final class PatternSyntax {
    private final int[] codes;
    private int pos;

    private PatternSyntax(int[] codes) {
        this.codes = codes;
    }

    /** Whether the part that is looked at is well formed. */
    static boolean isWellFormed(String pattern) {
        return new PatternSyntax(pattern.codePoints().toArray()).pattern();
    }

    private boolean pattern() {
        boolean dotLeft = true;
        while (pos < codes.length) {
            boolean star = false;
            while (pos < codes.length && codes[pos] == '*') {
                star = true;
                pos++;
            }
            int end = chunkEnd();
            if (star && end == pos) {
                return true;
            }
            int start = pos;
            boolean last = end == codes.length;
            Outcome here = chunk(end, dotLeft);
            if (here == Outcome.MALFORMED) {
                return false;
            }
            boolean used = here == Outcome.TAKES_DOT;
            if (here != Outcome.NO && (!last || used || !dotLeft)) {
                dotLeft &= !used;
                continue;
            }
            if (!star || !dotLeft) {
                return true;
            }
            pos = start;
            if (chunk(end, false) == Outcome.NO) { // the star may take the dot
                return true;
            }
            dotLeft = false;
        }
        return true;
    }

    private enum Outcome {
        MALFORMED,
        NO,
        TAKES_DOT,
        TAKES_NOTHING
    }

    /** Up to the next star outside a class. */
    private int chunkEnd() {
        boolean inClass = false;
        for (int i = pos; i < codes.length; i++) {
            switch (codes[i]) {
                case '\\' -> i = i + 1 < codes.length ? i + 1 : i;
                case '[' -> inClass = true;
                case ']' -> inClass = false;
                case '*' -> {
                    if (!inClass) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return codes.length;
    }

    private Outcome chunk(int end, boolean dotLeft) {
        boolean dot = dotLeft;
        boolean failed = false;
        while (pos < end) {
            failed |= !dot;
            boolean takes;
            switch (codes[pos]) {
                case '[' -> {
                    int taken = characterClass(end);
                    if (taken < 0) {
                        return Outcome.MALFORMED;
                    }
                    takes = taken > 0;
                }
                case '?' -> {
                    takes = true;
                    pos++;
                }
                case '\\' -> {
                    if (++pos == end) {
                        return Outcome.MALFORMED;
                    }
                    takes = codes[pos++] == '.';
                }
                default -> takes = codes[pos++] == '.';
            }
            failed |= !takes;
            dot = false;
        }
        return failed ? Outcome.NO : dotLeft && !dot ? Outcome.TAKES_DOT : Outcome.TAKES_NOTHING;
    }

    /** 1 if the class takes a dot, 0 if not, -1 if it is malformed. */
    private int characterClass(int end) {
        pos++;
        boolean negated = pos < end && codes[pos] == '^';
        if (negated) {
            pos++;
        }
        boolean match = false;
        boolean first = true;
        while (first || pos >= end || codes[pos] != ']') {
            int low = member(end);
            if (low < 0) {
                return -1;
            }
            int high = low;
            if (codes[pos] == '-') {
                pos++;
                high = member(end);
                if (high < 0) {
                    return -1;
                }
            }
            match |= low <= '.' && '.' <= high;
            first = false;
        }
        pos++;
        return match == negated ? 0 : 1;
    }

    /** One character of a class, behind which the class goes on; -1 if there is none. */
    private int member(int end) {
        if (pos >= end || codes[pos] == '-' || codes[pos] == ']') {
            return -1;
        }
        if (codes[pos] == '\\' && ++pos == end) {
            return -1;
        }
        int c = codes[pos++];
        return pos == end ? -1 : c;
    }
}
