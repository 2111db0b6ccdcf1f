package dev.drydock.engine;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What RUN steps see of the host's certificates and logins, mounted for the step and never part of a layer or a cache key.
 *
 * @param host whether they accept what the host's CA bundle vouches for, beside the image's own
 * @param certificates files of further CA certificates, PEM
 * @param logins files with logins of package managers
 */
public record Trust(boolean host, List<Path> certificates, Map<PackageLogin, Path> logins) {
    /** Nothing. */
    public static final Trust NONE = new Trust(false, List.of(), Map.of());
    /** The host's CA bundle. */
    public static final Trust HOST = new Trust(true, List.of(), Map.of());

    public Trust {
        certificates = List.copyOf(certificates);
        logins = Collections.unmodifiableMap(new TreeMap<>(logins));
    }
}
