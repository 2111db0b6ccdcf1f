package dev.drydock.architecture;

import dev.drydock.house.HouseRules;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CliArchitectureTest {
    private static final Set<String> BELOW =
            Set.of("engine", "fault", "oci", "dockerfile", "ignore", "graph", "frontend", "event", "scaffold");
    private final HouseRules house = new HouseRules(table());

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new HashMap<>();
        table.put("cli", with("cli.command", "cli.render", "cli.template"));
        table.put("cli.command", with("cli.render", "cli.template"));
        table.put("cli.render", with());
        table.put("cli.template", with());
        return table;
    }

    private static Set<String> with(String... more) {
        Set<String> all = new HashSet<>(BELOW);
        all.addAll(Set.of(more));
        return all;
    }

    @Test
    void packagesImportOnlyWhatTheTableNames() {
        house.packagesImportOnlyWhatTheTableNames();
    }

    @Test
    void librariesStayWhereTheyBelong() {
        house.librariesStayWhereTheyBelong(
                // The launcher's training pushes to a registry in memory, which the JDK's own web server is enough for.
                Map.of(
                        "cli",
                        Set.of("com.sun.net.httpserver"),
                        "cli.command",
                        Set.of("org.jline"),
                        "cli.render",
                        Set.of()));
    }

    @Test
    void namesNullnessAndSizes() throws IOException {
        house.namesNullnessAndSizes();
    }
}
