package dev.drydock.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One challenge of a {@code WWW-Authenticate} header.
 *
 * @param scheme in lower case
 * @param parameters by name in lower case
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {
    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** All challenges of a header's values; what is malformed ends the reading, for it came from outside. */
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            new Reader(header).readInto(challenges);
        }
        return challenges;
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            String scheme = token();
            while (!scheme.isEmpty()) {
                Map<String, String> parameters = new LinkedHashMap<>();
                String next = "";
                skip(" \t");
                while (true) {
                    skip(" \t,");
                    String name = token();
                    if (name.isEmpty()) {
                        break;
                    }
                    skip(" \t");
                    if (at < text.length() && text.charAt(at) == '=') {
                        at++;
                        skip(" \t");
                        parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value());
                    } else {
                        next = name;
                        break;
                    }
                }
                challenges.add(new Challenge(scheme.toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
                scheme = next;
            }
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private static boolean isTokenCharacter(char c) {
            return c > ' ' && c < 0x7f && "()<>@,;:\\\"[]?={}".indexOf(c) < 0;
        }

        private String value() {
            if (at >= text.length() || text.charAt(at) != '"') {
                int start = at;
                while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ' ') {
                    at++;
                }
                return text.substring(start, at);
            }
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            at = Math.min(at + 1, text.length()); // the closing quote, if there is one
            return value.toString();
        }
    }
}
