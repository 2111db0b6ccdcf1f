package dev.drydock.ignore;

import java.util.List;
import java.util.regex.Pattern;

/** The definition of the ignore dialect, by regular expressions and without any care for speed. */
final class NaiveIgnore {
    private NaiveIgnore() {}

    /** As a walk from the root sees it: what matched a directory matches all below, but only if it was asked there. */
    static boolean ignored(List<String> lines, String path) {
        boolean[] matched = new boolean[lines.size()];
        boolean ignored = false;
        for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
            ignored = false;
            for (int i = 0; i < matched.length; i++) {
                boolean negated = lines.get(i).startsWith("!");
                String pattern = negated ? lines.get(i).substring(1) : lines.get(i);
                boolean useful = negated == ignored;
                matched[i] |= useful && matches(pattern, end < 0 ? path : path.substring(0, end));
                ignored = matched[i] ? !negated : ignored;
            }
            if (end < 0) {
                return ignored;
            }
        }
    }

    private static boolean matches(String pattern, String path) {
        boolean others = pattern.substring(Math.min(2, pattern.length())).matches("(?s).*[*?].*");
        if (pattern.startsWith("**") && !others) {
            String suffix = pattern.substring(2);
            return path.endsWith(suffix) || (suffix.startsWith("/") && path.equals(suffix.substring(1)));
        }
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            if (pattern.startsWith("**", i)) {
                i += pattern.startsWith("**/", i) ? 3 : 2;
                regex.append(i == pattern.length() ? ".*" : "(.*/)?");
            } else if (pattern.charAt(i) == '*') {
                regex.append("[^/]*");
                i++;
            } else if (pattern.charAt(i) == '?') {
                regex.append("[^/]");
                i++;
            } else {
                regex.append(Pattern.quote(pattern.substring(i, i + 1)));
                i++;
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(path).matches();
    }
}
