package dev.drydock.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Users and passwords that stand in addresses. */
final class UserInfo {
    private static final String MASK = "xxxxx";
    /**
     * Between "://" and "@", anywhere in a text. A cleaned path has one slash of an address's two. The digest of an image that
     * is named like an address is no host.
     */
    private static final Pattern IN_ADDRESS = Pattern.compile(
            "(?:(?<=[A-Za-z0-9+.-])://|(?<=https?|ftps?|ssh|git|socks5h?):/)([^\\s/?#]+)@(?!sha\\d{3}:\\p{XDigit}{64})");

    private UserInfo() {}

    /** A text in whose addresses nobody reads who asks. */
    static String masked(String text) {
        Matcher found = IN_ADDRESS.matcher(text);
        StringBuilder masked = new StringBuilder();
        int done = 0;
        while (found.find()) {
            masked.append(text, done, found.start(1))
                    .append(found.group(1).indexOf(':') < 0 ? MASK : MASK + ":" + MASK);
            done = found.end(1);
        }
        return done == 0 ? text : masked.append(text, done, text.length()).toString();
    }
}
