package dev.drydock.ignore;

import java.util.List;
import java.util.regex.Pattern;

/** The definition of the ignore dialect, by regular expressions and without any care for speed. */
final class NaiveIgnore {
    private NaiveIgnore() {}

    static boolean ignored(List<String> lines, String path) {
        boolean ignored = false;
        for (String line : lines) {
            boolean negated = line.startsWith("!");
            String pattern = negated ? line.substring(1) : line;
            for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
                if (matches(pattern, end < 0 ? path : path.substring(0, end))) {
                    ignored = !negated;
                    break;
                }
                if (end < 0) {
                    break;
                }
            }
        }
        return ignored;
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
