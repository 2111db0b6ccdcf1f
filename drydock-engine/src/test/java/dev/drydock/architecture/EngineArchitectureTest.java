package dev.drydock.architecture;

import dev.drydock.house.HouseRules;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineArchitectureTest {
    private static final Set<String> MODEL =
            Set.of("fault", "oci", "dockerfile", "ignore", "graph", "frontend", "event", "scaffold");
    private static final Map<String, Set<String>> ROWS = Map.ofEntries(
            Map.entry("solver", Set.of("cache", "scope")),
            Map.entry("ops", Set.of("solver", "source", "runtime", "network", "layer", "snapshot", "content", "scope")),
            Map.entry("cache", Set.of("content", "metadata")),
            Map.entry("content", Set.of("scope", "metadata")),
            Map.entry("snapshot", Set.of("linux", "scope", "metadata")),
            Map.entry("layer", Set.of("content", "snapshot", "linux", "scope")),
            Map.entry("source", Set.of("content", "layer", "snapshot", "registry", "metadata", "linux", "scope")),
            Map.entry("registry", Set.of("content", "scope")),
            Map.entry("runtime", Set.of("network", "snapshot", "linux", "scope")),
            Map.entry("network", Set.of("linux", "scope")),
            Map.entry(
                    "export",
                    Set.of(
                            "images",
                            "registry",
                            "layer",
                            "snapshot",
                            "cache",
                            "content",
                            "metadata",
                            "linux",
                            "scope")),
            Map.entry("images", Set.of("content", "snapshot", "cache", "metadata", "scope")),
            Map.entry(
                    "space", Set.of("images", "cache", "content", "snapshot", "runtime", "metadata", "linux", "scope")),
            Map.entry(
                    "integrity",
                    Set.of("images", "cache", "content", "snapshot", "layer", "metadata", "linux", "scope")),
            Map.entry("metadata", Set.of("scope")),
            Map.entry("linux", Set.of()),
            Map.entry("scope", Set.of()));

    private final HouseRules house = new HouseRules(table());

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new HashMap<>();
        ROWS.forEach((name, imports) -> table.put(name, union(imports, MODEL)));
        table.put("engine", union(ROWS.keySet(), MODEL));
        return table;
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new HashSet<>(a);
        all.addAll(b);
        return all;
    }

    @Test
    void packagesImportOnlyWhatTheTableNames() {
        house.packagesImportOnlyWhatTheTableNames();
    }

    @Test
    void librariesStayWhereTheyBelong() {
        house.librariesStayWhereTheyBelong(Map.of(
                "metadata",
                Set.of("org.sqlite"),
                "layer",
                Set.of("com.github.luben.zstd", "org.tukaani.xz", "org.apache.commons.compress.compressors.bzip2")));
    }

    @Test
    void namesNullnessAndSizes() throws IOException {
        house.namesNullnessAndSizes();
    }
}
