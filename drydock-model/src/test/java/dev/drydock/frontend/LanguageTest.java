package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.oci.Platform;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The whole language, case by case: the same findings and the same message as BuildKit's own frontend. */
class LanguageTest {
    private static final BuildOptions OPTIONS = BuildOptions.defaults(new Platform("linux", "amd64"));

    @TestFactory
    Stream<DynamicTest> buildKitSaysTheSame() throws IOException {
        return LanguageCases.read().stream()
                .map(each -> DynamicTest.dynamicTest(each.text().replace("\n", "⏎"), () -> compare(each)));
    }

    private static void compare(LanguageCases expected) throws InterruptedException {
        Definition definition = new Definition("Dockerfile", expected.text());
        List<String> findings = new DockerfileFrontend()
                .check(definition, OPTIONS, images()).findings().stream()
                        .map(finding -> finding.rule().title() + ": " + finding.detail() + " (line "
                                + finding.range().startLine() + ")")
                        .sorted()
                        .toList();
        assertThat(findings).isEqualTo(expected.findings().stream().sorted().toList());
        assertThat(fault(definition)).isEqualTo(expected.fault());
    }

    private static @Nullable String fault(Definition definition) throws InterruptedException {
        try {
            new DockerfileFrontend().outline(definition, OPTIONS, images());
            return null;
        } catch (DrydockException fault) {
            return fault.text();
        }
    }

    private static FakeImages images() {
        FakeImages images = new FakeImages();
        images.put("base:1", "\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]");
        return images;
    }
}
