package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.Platform;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a Dockerfile says, there is a plan with one history line for each layer, or a fault that says what is wrong. */
class DockerfileFrontendFuzz {
    @FuzzTest
    void anyText(byte[] text) throws InterruptedException {
        plan(new String(text, StandardCharsets.UTF_8));
    }

    private static void plan(String text) throws InterruptedException {
        try {
            BuildPlan plan = new DockerfileFrontend()
                    .plan(
                            new Frontend.Definition("Dockerfile", text),
                            BuildOptions.defaults(new Platform("linux", "amd64")),
                            new FakeImages(),
                            _ -> {});
            assertThat(plan.steps()).hasSameSizeAs(plan.graph().vertices());
            assertThat(plan.config().history()).noneMatch(entry -> entry.createdBy() == null);
            if (plan.target() == null) {
                assertThat(plan.config().history()).allMatch(History::emptyLayer);
            }
        } catch (DrydockException fault) {
            assertThat(fault).isNotInstanceOf(Bug.class);
            assertThat(fault.text()).isNotBlank();
        }
    }

    @Test
    void mutatedGoldenFiles() throws IOException, URISyntaxException, InterruptedException {
        Random random = new Random(11);
        List<String> texts;
        try (Stream<Path> files = Files.walk(
                Path.of(DockerfileFrontendFuzz.class.getResource("/frontend").toURI()))) {
            texts = files.filter(path -> path.endsWith("Dockerfile"))
                    .sorted()
                    .map(DockerfileFrontendFuzz::read)
                    .toList();
        }
        texts = Stream.concat(texts.stream(), LanguageCases.read().stream().map(LanguageCases::text))
                .filter(text -> !text.isEmpty())
                .toList();
        for (int n = 0; n < 4_000; n++) {
            StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
            for (int i = 1 + random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "\n$\"'\\=,:/-{}[]<#0*@".charAt(random.nextInt(19)));
                    case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                    default -> {
                        String other = texts.get(random.nextInt(texts.size()));
                        int start = random.nextInt(other.length());
                        text.insert(at, other, start, Math.min(other.length(), start + random.nextInt(60)));
                    }
                }
            }
            plan(text.toString());
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new AssertionError(path.toString(), e);
        }
    }
}
