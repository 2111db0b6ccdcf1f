package dev.drydock.oci;

import dev.drydock.fault.UserFault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An operating system and processor as images name them, normalised: {@code x86_64} is {@code amd64}, {@code aarch64} is
 * {@code arm64} and the default variants of amd64 and arm64 are dropped.
 */
public record Platform(
        String os,
        String architecture,
        @Nullable String variant,
        @Nullable String osVersion) {
    private static final String FORM = "Write a platform as os/arch, for example linux/amd64 or linux/arm64.";
    private static final int MAX_PARTS = 4;
    private static final Pattern SYSTEM =
            Pattern.compile("([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]+");
    /** As containerd's reader quotes its patterns. */
    private static final String SYSTEM_FORM =
            "\"^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.%-]*)((?:\\\\+[A-Za-z0-9_.%-]+)*)\\\\))?$\"";

    private static final String PART_FORM = "\"^[A-Za-z0-9_.-]+$\"";
    private static final Set<String> SYSTEMS = Set.of(
            "aix",
            "android",
            "darwin",
            "dragonfly",
            "freebsd",
            "hurd",
            "illumos",
            "ios",
            "js",
            "linux",
            "nacl",
            "netbsd",
            "openbsd",
            "plan9",
            "solaris",
            "windows",
            "zos");
    private static final Set<String> ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "amd64p32",
            "arm",
            "armbe",
            "arm64",
            "arm64be",
            "ppc64",
            "ppc64le",
            "loong64",
            "mips",
            "mipsle",
            "mips64",
            "mips64le",
            "mips64p32",
            "mips64p32le",
            "ppc",
            "riscv",
            "riscv64",
            "s390",
            "s390x",
            "sparc",
            "sparc64",
            "wasm");

    public Platform(String os, String architecture) {
        this(os, architecture, null, null);
    }

    /** The platform of this host: what {@code os.name} and {@code os.arch} say, in image words. */
    public static Platform host() {
        return parse("linux/" + System.getProperty("os.arch"));
    }

    /** Reads {@code os[/arch[/variant]]} or a single known word; the result is normalised. */
    public static Platform parse(String text) {
        if (text.indexOf('*') >= 0) {
            throw new UserFault("\"" + text + "\": wildcards not yet supported: invalid argument").hint(FORM);
        }
        String[] written = text.split("/", MAX_PARTS);
        for (int i = 0; i < written.length; i++) {
            if (!(i == 0 ? SYSTEM : PART).matcher(written[i]).matches()) {
                String kind = i == 0
                        ? "invalid OS component of \"" + text + "\": OSAndVersion specifier component must match "
                                + SYSTEM_FORM
                        : "invalid component of \"" + text + "\": platform specifier component must match " + PART_FORM;
                throw new UserFault("\"" + written[i] + "\" is an " + kind + ": invalid argument").hint(FORM);
            }
        }
        String[] parts = text.toLowerCase(Locale.ROOT).split("/", MAX_PARTS);
        Matcher system = SYSTEM.matcher(parts[0]);
        if (!system.matches()) {
            throw new IllegalStateException("lower case made " + parts[0] + " another word");
        }
        String os = system.group(1);
        String osVersion = version(text, system);
        os = os.equals("macos") ? "darwin" : os;
        return switch (parts.length) {
            case 1 -> {
                if (SYSTEMS.contains(os)) {
                    yield new Platform(os, host().architecture, host().variant, osVersion);
                }
                Platform known = normalise("linux", os, null, null);
                if (ARCHITECTURES.contains(known.architecture)) {
                    yield known;
                }
                throw new UserFault("\"" + text + "\": unknown operating system or architecture: invalid argument")
                        .hint(FORM);
            }
            case 2 -> normalise(os, parts[1], null, osVersion);
            case 3 -> normalise(os, parts[1], parts[2], osVersion);
            default ->
                throw new UserFault("\"" + text + "\": cannot parse platform specifier: invalid argument").hint(FORM);
        };
    }

    private static @Nullable String version(String text, Matcher system) {
        String version = system.group(2);
        if (version == null) {
            return null;
        }
        if (!system.group(3).isEmpty()) {
            throw new UserFault("\"" + text + "\": features of an operating system cannot be chosen: invalid argument")
                    .hint("Write the platform without " + system.group(3) + ".");
        }
        try {
            String decoded = URLDecoder.decode(version, StandardCharsets.UTF_8);
            return decoded.isEmpty() ? null : decoded;
        } catch (IllegalArgumentException badEscape) {
            throw new UserFault("\"" + text + "\" has an invalid OS version \"" + version + "\"", badEscape);
        }
    }

    private static Platform normalise(
            String os, String architecture, @Nullable String variant, @Nullable String osVersion) {
        String arch = architecture;
        String v = variant == null || variant.isEmpty() ? null : variant;
        switch (architecture) {
            case "i386" -> {
                arch = "386";
                v = null;
            }
            case "x86_64", "x86-64", "amd64" -> {
                arch = "amd64";
                v = "v1".equals(v) ? null : v;
            }
            case "aarch64", "arm64" -> {
                arch = "arm64";
                v = "8".equals(v) || "v8".equals(v) ? null : v;
            }
            case "armhf" -> {
                arch = "arm";
                v = "v7";
            }
            case "armel" -> {
                arch = "arm";
                v = "v6";
            }
            case "arm" -> {
                if (v == null || v.equals("7")) {
                    v = "v7";
                } else if (v.equals("5") || v.equals("6") || v.equals("8")) {
                    v = "v" + v;
                }
            }
            default -> {}
        }
        return new Platform(os, arch, v, osVersion);
    }

    /** {@code os/architecture[/variant]}: the version of the system is not in it, as in {@code TARGETPLATFORM}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }
}
