package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Finding;
import dev.drydock.graph.Op;
import dev.drydock.oci.Platform;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Golden cases: folders with a Dockerfile, what is expected of it in plan.txt, and perhaps {@code options}, one a line.
 * With {@code -Ddrydock.golden=write} and outside CI, plan.txt is written instead of compared; read it before you commit.
 */
class DockerfileFrontendTest {
    @TestFactory
    Stream<DynamicTest> theReferenceGivesThePlan() throws IOException, URISyntaxException {
        URL folder = DockerfileFrontendTest.class.getResource("/frontend");
        assertThat(folder).isNotNull();
        try (Stream<Path> cases = Files.list(Path.of(folder.toURI()))) {
            return cases.sorted().toList().stream()
                    .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> check(path)));
        }
    }

    private static void check(Path folder) throws IOException, InterruptedException {
        FakeImages images = new FakeImages();
        List<Finding> findings = new ArrayList<>();
        BuildPlan plan = new DockerfileFrontend()
                .plan(
                        new Frontend.Definition("Dockerfile", Files.readString(folder.resolve("Dockerfile"))),
                        options(folder.resolve("options")),
                        images,
                        findings::add);
        String text = PlanText.of(plan, findings);
        String write = System.getProperty("drydock.golden");
        if ("write".equals(write) && System.getenv("CI") == null) {
            Path source =
                    Path.of(System.getProperty("drydock.checkout", ".."), "drydock-model/src/test/resources/frontend");
            Files.writeString(source.resolve(folder.getFileName()).resolve("plan.txt"), text);
        } else {
            assertThat(text).isEqualTo(Files.readString(folder.resolve("plan.txt")));
        }
    }

    private static BuildOptions options(Path file) throws IOException {
        String target = null;
        Map<String, String> buildArgs = new LinkedHashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> ignored = new ArrayList<>();
        Set<String> noCacheStages = new LinkedHashSet<>();
        boolean noCache = false;
        List<Op.HostEntry> hosts = new ArrayList<>();
        Platform platform = new Platform("linux", "amd64");
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "target" -> target = words[1];
                case "build-arg" -> {
                    String[] pair = words[1].split("=", 2);
                    buildArgs.put(pair[0], pair[1]);
                }
                case "label" -> {
                    String[] pair = words[1].split("=", 2);
                    labels.put(pair[0], pair[1]);
                }
                case "ignore" -> ignored.add(words[1]);
                case "no-cache" -> noCache = true;
                case "no-cache-filter" -> noCacheStages.add(words[1]);
                case "add-host" -> hosts.add(new Op.HostEntry(words[1].split(":", 2)[0], words[1].split(":", 2)[1]));
                case "platform" -> platform = Platform.parse(words[1]);
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new BuildOptions(
                target,
                buildArgs,
                labels,
                new Platform("linux", "amd64"),
                platform,
                ignored,
                noCache,
                noCacheStages,
                Op.Network.DEFAULT,
                hosts,
                List.of(),
                0,
                null,
                NamedContexts.NONE);
    }
}
