package dev.drydock.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request to a proxy: for a tunnel (RFC 9110, section 9.3.6), or a plain one (RFC 9112, section 3.2.2). What
 * is passed on is written anew, so that everybody reads the same in it.
 *
 * @param host a name or an address, without brackets
 * @param plain what is asked, null for a tunnel
 */
record ProxyRequest(String host, int port, @Nullable Plain plain) {
    private static final int HTTP_PORT = 80;
    private static final String SCHEME = "http://";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String BREAK = "\r\n";
    private static final String HEAD_END = " HTTP/1.1" + BREAK;

    /**
     * A plain request.
     *
     * @param authority the host as it was asked for, with its port if it had one
     * @param fields lines of the head without those that are between two neighbours
     * @param length of what follows the head in bytes, -1 if it says so itself on the way
     */
    record Plain(String method, String authority, String path, List<String> fields, long length) {
        Plain {
            fields = List.copyOf(fields);
        }
    }

    /** Null if it is no request to a proxy, or one that could be read in two ways. */
    static @Nullable ProxyRequest parse(String head) {
        List<String> lines = head.lines().toList();
        String[] words = lines.getFirst().split(" ", -1);
        boolean clean = lines.stream().allMatch(ProxyRequest::isClean);
        if (!clean || words.length != 3 || !words[0].matches(TOKEN) || !words[2].matches("HTTP/1\\.[0-9]")) {
            return null;
        }
        if (words[0].equals("CONNECT")) {
            return authority(words[1], -1, null);
        }
        if (!words[1].toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return null;
        }
        String rest = words[1].substring(SCHEME.length());
        int end = end(rest);
        String path = rest.substring(end);
        Plain plain = plain(
                words[0],
                rest.substring(0, end),
                path.startsWith("/") ? path : "/" + path,
                lines.subList(1, lines.size()));
        return plain == null ? null : authority(plain.authority(), HTTP_PORT, plain);
    }

    private static boolean isClean(String line) {
        return line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }

    private static int end(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if ("/?#".indexOf(rest.charAt(i)) >= 0) {
                return i;
            }
        }
        return rest.length();
    }

    private static @Nullable Plain plain(String method, String authority, String path, List<String> lines) {
        List<String> fields = new ArrayList<>();
        long length = 0;
        boolean known = false;
        for (String line : lines) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0 || !line.substring(0, colon).matches(TOKEN)) {
                return null;
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("transfer-encoding")) {
                length = -1;
            } else if (name.equals("content-length")) {
                if (known || !value.matches("[0-9]{1,18}")) {
                    return null;
                }
                known = true;
                length = length < 0 ? length : Long.parseLong(value);
            }
            boolean ofTheWay = name.startsWith("proxy-") || name.equals("connection") || name.equals("keep-alive");
            if (!ofTheWay && !name.equals("host")) {
                fields.add(line.substring(0, colon) + ": " + value);
            }
        }
        // two lengths: who believes which is anybody's guess
        return known && length < 0 ? null : new Plain(method, authority, path, fields, length);
    }

    private static @Nullable ProxyRequest authority(String text, int usual, @Nullable Plain plain) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && text.indexOf(']', colon) < 0;
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : usual;
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            boolean good = port > 0 && port < 65536 && !host.isEmpty() && host.indexOf('@') < 0;
            return good ? new ProxyRequest(host, port, plain) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** {@code example.org:443}. */
    String target() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** What the server itself is sent first, of a plain request. */
    static String toServer(Plain plain) {
        return plain.method() + " " + plain.path() + HEAD_END + fields(plain, null);
    }

    /** What a proxy is sent first that is asked instead of the server. */
    String toProxy(UpstreamProxy.Hop hop) {
        if (plain == null) {
            return "CONNECT " + target() + HEAD_END + "Host: " + target() + BREAK + login(hop) + BREAK;
        }
        return plain.method() + " " + SCHEME + plain.authority() + plain.path() + HEAD_END + fields(plain, hop);
    }

    private static String fields(Plain plain, UpstreamProxy.@Nullable Hop hop) {
        StringBuilder text = new StringBuilder("Host: " + plain.authority() + BREAK);
        plain.fields().forEach(field -> text.append(field).append(BREAK));
        if (hop != null) {
            text.append(login(hop));
        }
        // one request per connection, so that the next one is looked at again
        return text.append("Connection: close" + BREAK + BREAK).toString();
    }

    private static String login(UpstreamProxy.Hop hop) {
        return hop.authorization() == null ? "" : "Proxy-Authorization: " + hop.authorization() + BREAK;
    }
}
