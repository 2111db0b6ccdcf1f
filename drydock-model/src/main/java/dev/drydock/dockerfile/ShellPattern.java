package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A pattern of {@code *}, {@code ?} and literal characters, as the modifiers of a substitution take it. Neither wildcard
 * matches a line feed. Matching needs time proportional to pattern times value and no stack.
 */
final class ShellPattern {
    private static final int ANY = -1;

    /** What stands between stars; {@link #ANY} is a question mark. With n stars there are n + 1 segments. */
    private final List<int[]> segments;

    /** A line feed stands in the pattern. */
    private final boolean severalLines;

    private ShellPattern(List<int[]> segments) {
        this.segments = segments;
        this.severalLines =
                segments.stream().anyMatch(segment -> Arrays.stream(segment).anyMatch(c -> c == '\n'));
    }

    /** @throws UserFault for an escape that means nothing */
    static ShellPattern of(String pattern) {
        List<int[]> segments = new ArrayList<>();
        int[] codes = pattern.codePoints().toArray();
        int[] segment = new int[codes.length];
        int size = 0;
        for (int i = 0; i < codes.length; i++) {
            int c = codes[i];
            if (c == '*') {
                segments.add(Arrays.copyOf(segment, size));
                size = 0;
            } else if (c == '?') {
                segment[size++] = ANY;
            } else if (c == '\\') {
                int escaped = ++i < codes.length ? codes[i] : 0xFFFD;
                if ("*?\\}/".indexOf(escaped) < 0) {
                    throw new UserFault("invalid pattern (" + pattern + ") in substitution: invalid escape '\\"
                            + Character.toString(escaped) + "'");
                }
                segment[size++] = escaped;
            } else {
                segment[size++] = c;
            }
        }
        segments.add(Arrays.copyOf(segment, size));
        return new ShellPattern(segments);
    }

    String withoutPrefix(String value, boolean longest) {
        int[] codes = value.codePoints().toArray();
        int end = matchAt(codes, 0, longest);
        return end < 0 ? value : new String(codes, end, codes.length - end);
    }

    String withoutSuffix(String value, boolean longest) {
        List<int[]> mirrored = new ArrayList<>();
        for (int[] segment : segments) {
            mirrored.add(reversed(segment));
        }
        Collections.reverse(mirrored);
        int[] codes = value.codePoints().toArray();
        int end = new ShellPattern(mirrored).matchAt(reversed(codes), 0, longest);
        return end < 0 ? value : new String(codes, 0, codes.length - end);
    }

    private static int[] reversed(int[] codes) {
        int[] result = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            result[codes.length - 1 - i] = codes[i];
        }
        return result;
    }

    /** Replaces the leftmost match, or all that do not overlap; stars take as much as they can. */
    String replace(String value, String replacement, boolean all) {
        int[] codes = value.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int from = 0;
        int lastEnd = -1;
        while (from <= codes.length) {
            int start = find(codes, from);
            if (start < 0) {
                break;
            }
            int end = matchAt(codes, start, true);
            // An empty match right behind the previous one does not count.
            if (end > start || start != lastEnd) {
                out.append(new String(codes, copied, start - copied)).append(replacement);
                copied = end;
                if (!all) {
                    break;
                }
            }
            lastEnd = end;
            from = end > start ? end : end + 1;
        }
        return out.append(new String(codes, copied, codes.length - copied)).toString();
    }

    /** Where the leftmost match at or behind {@code from} begins, or -1. */
    private int find(int[] codes, int from) {
        int start = from;
        while (true) {
            start = indexOf(segments.getFirst(), codes, start, codes.length);
            if (start < 0 || matchAt(codes, start, false) >= 0) {
                return start;
            }
            // The later segments are not on this line, so that no later start on it can match either.
            start = severalLines ? start + 1 : lineEnd(codes, start) + 1;
            if (start > codes.length) {
                return -1;
            }
        }
    }

    /** The end of the shortest or longest match that begins at {@code start}, or -1. */
    private int matchAt(int[] codes, int start, boolean longest) {
        int[] first = segments.getFirst();
        if (!matches(first, codes, start)) {
            return -1;
        }
        int at = start + first.length;
        if (segments.size() == 1) {
            return at;
        }
        int limit = lineEnd(codes, at);
        for (int[] segment : segments.subList(1, segments.size() - 1)) {
            int found = starEnd(segment, codes, at, limit);
            if (found < 0) {
                return -1;
            }
            at = found + segment.length;
            limit = severalLines ? lineEnd(codes, at) : limit;
        }
        int[] last = segments.getLast();
        int found = longest ? lastStarEnd(last, codes, at, limit) : starEnd(last, codes, at, limit);
        return found < 0 ? -1 : found + last.length;
    }

    /** Where a star that begins at {@code at} may end so that {@code segment} follows: as early as possible. */
    private static int starEnd(int[] segment, int[] codes, int at, int limit) {
        for (int i = at; i <= limit; i++) {
            if (matches(segment, codes, i)) {
                return i;
            }
        }
        return -1;
    }

    private static int lastStarEnd(int[] segment, int[] codes, int at, int limit) {
        for (int i = limit; i >= at; i--) {
            if (matches(segment, codes, i)) {
                return i;
            }
        }
        return -1;
    }

    private static int indexOf(int[] segment, int[] codes, int from, int limit) {
        return starEnd(segment, codes, from, limit - segment.length);
    }

    private static boolean matches(int[] segment, int[] codes, int at) {
        if (at + segment.length > codes.length) {
            return false;
        }
        for (int i = 0; i < segment.length; i++) {
            int c = codes[at + i];
            if (segment[i] == ANY ? c == '\n' : segment[i] != c) {
                return false;
            }
        }
        return true;
    }

    private static int lineEnd(int[] codes, int from) {
        int i = from;
        while (i < codes.length && codes[i] != '\n') {
            i++;
        }
        return i;
    }
}
