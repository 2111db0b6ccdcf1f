package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.SameImage.Case;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layer by layer what BuildKit 0.32 made of the same Dockerfile, context and base: every entry in its order, the settings
 * and the history. The {@code .image} files beside the Dockerfiles hold what it made; those with SOURCE_DATE_EPOCH, which
 * Drydock always clamps to, were made with {@code rewrite-timestamp=true}.
 */
class BuildKitImagesIT {
    private static SameImage images;

    static Stream<Case> cases() throws Exception {
        return Stream.concat(SameImage.cases().stream(), SameImage.newerCases().stream());
    }

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox")) {
            Requires.program(program);
        }
        images = SameImage.create();
    }

    @AfterAll
    static void close() throws Exception {
        if (images != null) {
            images.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isTheImageThatBuildKitMakes(Case wanted) throws Exception {
        assertThat(images.build(wanted).text()).isEqualTo(Files.readString(wanted.image()));
    }
}
