package dev.drydock.architecture;

import dev.drydock.house.HouseRules;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelArchitectureTest {
    private final HouseRules house = new HouseRules(Map.of(
            "fault", Set.of(),
            "oci", Set.of("fault"),
            "dockerfile", Set.of("fault"),
            "ignore", Set.of("fault"),
            "graph", Set.of("oci", "fault"),
            "frontend", Set.of("dockerfile", "ignore", "graph", "oci", "fault"),
            "event", Set.of("dockerfile", "oci", "fault"),
            "scaffold", Set.of("dockerfile", "fault")));

    @Test
    void packagesImportOnlyWhatTheTableNames() {
        house.packagesImportOnlyWhatTheTableNames();
    }

    @Test
    void onlyOciKnowsJson() {
        house.librariesStayWhereTheyBelong(Map.of("oci", Set.of("com.fasterxml.jackson.core")));
    }

    @Test
    void namesNullnessAndSizes() throws IOException {
        house.namesNullnessAndSizes();
    }
}
