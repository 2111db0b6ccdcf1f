package dev.drydock.scaffold;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the sources of a Rust server give away: where it listens and which files it is compiled from. */
final class RustSources {
    private static final List<Pattern> PORTS = List.of(
            // "0.0.0.0:8000"
            Pattern.compile("(?:\\b\\d{1,3}(?:\\.\\d{1,3}){3}|\\blocalhost|\\[::1?]):(\\d{2,5})\\b"),
            // ([0, 0, 0, 0], 8000)
            Pattern.compile("\\[\\s*\\d+\\s*(?:,\\s*\\d+\\s*){3}]\\s*,\\s*(\\d{2,5})\\b"),
            // ("127.0.0.1", 8000)
            Pattern.compile("\"(?:\\d{1,3}(?:\\.\\d{1,3}){3}|localhost|::1?)\"\\s*,\\s*(\\d{2,5})\\b"),
            // env::var("PORT") … "8000", const PORT: u16 = 8000
            Pattern.compile("(?i)\\bport\\b[^;{}]{0,120}?(?<![\\w.])(\\d{4,5})\\b"));
    private static final Pattern LOOPBACK = Pattern.compile(
            "127\\.0\\.0\\.1|\"localhost|\\[\\s*127\\s*,\\s*0\\s*,\\s*0\\s*,\\s*1\\s*]|\\[::1]|Ipv4Addr::LOCALHOST");
    private static final Pattern ANYWHERE =
            Pattern.compile("0\\.0\\.0\\.0|\\[\\s*0\\s*,\\s*0\\s*,\\s*0\\s*,\\s*0\\s*]|\\[::]|Addr::UNSPECIFIED");
    private static final Pattern PORT_VARIABLE = Pattern.compile("\\bvar(?:_os)?\\(\\s*\"PORT\"\\s*\\)");
    private static final Pattern INCLUDED = Pattern.compile("include_(?:str|bytes)!\\(\\s*\"\\.\\./([^\"/]+)");

    private final String code;

    /** Takes the text of the program's main file. */
    RustSources(String main) {
        var kept = new StringBuilder();
        main.lines()
                .filter(line -> !line.strip().startsWith("//"))
                .forEach(line -> kept.append(line).append('\n'));
        this.code = kept.toString();
    }

    OptionalInt port() {
        for (Pattern pattern : PORTS) {
            Matcher found = pattern.matcher(code);
            while (found.find()) {
                int port = Integer.parseInt(found.group(1));
                if (port > 0 && port <= 65_535) {
                    return OptionalInt.of(port);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Whether the only addresses written in the code are those that nothing outside a container reaches. */
    boolean listensOnLoopbackOnly() {
        return LOOPBACK.matcher(code).find() && !ANYWHERE.matcher(code).find();
    }

    boolean readsPortVariable() {
        return PORT_VARIABLE.matcher(code).find();
    }

    /** First names of paths beside {@code src} that the compiler puts into the program. */
    Set<String> includedFromRoot() {
        var names = new TreeSet<String>();
        Matcher found = INCLUDED.matcher(code);
        while (found.find()) {
            names.add(found.group(1));
        }
        return names;
    }
}
