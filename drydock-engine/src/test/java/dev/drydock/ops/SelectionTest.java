package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import dev.drydock.solver.InputRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void theNameIsOfTheFormThatIsWrittenDown() {
        Selection selection = new Selection("/a", true, false, List.of(), List.of("x", "yy"), List.of());
        String form = """
                drydock-selections-1
                2:/a
                wildcard keep 0
                 2
                1:x
                2:yy
                 0
                """;
        assertThat(name(selection)).isEqualTo(Digest.of(form.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void textThatLooksLikeSeveralPathsIsOne() {
        assertThat(name(excluding("a, b"))).isNotEqualTo(name(excluding("a", "b")));
        assertThat(name(excluding("a\n1:b"))).isNotEqualTo(name(excluding("a", "b")));
        assertThat(name(Selection.of("/a"), Selection.of("/b")))
                .isNotEqualTo(name(Selection.of("/b"), Selection.of("/a")));
    }

    private static Selection excluding(String... patterns) {
        return new Selection("/", false, true, List.of(), List.of(patterns), List.of());
    }

    private static Digest name(Selection... selections) {
        return ((InputRule.ByContent) Selection.rule(List.of(selections))).name();
    }
}
