package dev.drydock.registry;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The one door through which words about requests and words from registries go before anybody reads them: no password,
 * token or signed address gets past it.
 */
final class Redactor {
    private static final String HIDDEN = "xxxxx";
    /** Parameters that say nothing secret; the values of all others are hidden. */
    private static final Set<String> OPEN =
            Set.of("service", "scope", "digest", "mount", "from", "n", "last", "account");

    private static final Pattern PROOF = Pattern.compile("(?i)\\b(bearer|basic) +[\\w.~+/=-]{8,}");

    private static final int LONGEST = 300;

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();

    /** From now on this is hidden wherever it stands. */
    void protect(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /** Words from outside, on one line and of bounded length, without what is secret. */
    String text(String words) {
        String safe = words;
        List<String> longestFirst = new ArrayList<>(secrets);
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        for (String secret : longestFirst) {
            safe = safe.replace(secret, HIDDEN);
        }
        safe = PROOF.matcher(safe).replaceAll("$1 " + HIDDEN); // of somebody else, or not known to be a secret yet
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < safe.length() && line.length() < LONGEST; i++) {
            char c = safe.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        return line.toString().strip();
    }

    /** An address without user information and without the values of unknown parameters. */
    String url(URI address) {
        StringBuilder safe = new StringBuilder();
        safe.append(address.getScheme()).append("://").append(address.getHost());
        if (address.getPort() >= 0) {
            safe.append(':').append(address.getPort());
        }
        safe.append(address.getRawPath() == null ? "" : address.getRawPath());
        String query = address.getRawQuery();
        if (query != null) {
            char separator = '?';
            for (String parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                safe.append(separator).append(equals < 0 || OPEN.contains(name) ? parameter : name + "=" + HIDDEN);
                separator = '&';
            }
        }
        return text(safe.toString());
    }
}
