package dev.drydock.solver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactTest {
    private static final Digest OP = digest("op");
    private static final Digest A = digest("a");
    private static final Digest B = digest("b");

    @Test
    void theKeyIsOfTheFormThatIsWrittenDown() {
        List<Fact> facts = List.of(new Fact.Identity(1, A), new Fact.Selected(0, A, B), new Fact.Content(B));
        assertThat(Fact.key(OP, facts))
                .isEqualTo(digest("drydock-key-2\n" + OP + "\nidentity 1 " + A + "\nselected 0 " + A + " " + B
                        + "\ncontent " + B + "\n"));
    }

    @Test
    void everyPartOfAFactCounts() {
        assertThat(List.of(
                        Fact.key(OP, List.of()),
                        Fact.key(OP, List.of(new Fact.Identity(0, A))),
                        Fact.key(OP, List.of(new Fact.Identity(1, A))),
                        Fact.key(OP, List.of(new Fact.Identity(0, B))),
                        Fact.key(OP, List.of(new Fact.Content(A))),
                        Fact.key(OP, List.of(new Fact.Selected(0, A, A))),
                        Fact.key(OP, List.of(new Fact.Selected(0, A, B))),
                        Fact.key(OP, List.of(new Fact.Content(A), new Fact.Content(B))),
                        Fact.key(OP, List.of(new Fact.Content(B), new Fact.Content(A)))))
                .doesNotHaveDuplicates();
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
