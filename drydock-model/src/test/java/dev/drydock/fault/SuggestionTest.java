package dev.drydock.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> KEYWORDS = List.of("ADD", "ARG", "COPY", "ENV", "FROM", "RUN", "USER", "VOLUME");

    @Test
    void findsTheNearestWithinTwoEdits() {
        assertThat(Suggestion.nearest("RUM", KEYWORDS)).contains("RUN");
        assertThat(Suggestion.nearest("FORM", KEYWORDS)).contains("FROM");
        assertThat(Suggestion.nearest("copyy", KEYWORDS)).contains("COPY");
    }

    @Test
    void saysNothingWhenNothingIsNear() {
        assertThat(Suggestion.nearest("FOOBARBAZ", KEYWORDS)).isEmpty();
        assertThat(Suggestion.nearest("", List.of())).isEmpty();
    }

    @Test
    void prefersTheEarlierOfTwoThatAreEquallyNear() {
        assertThat(Suggestion.nearest("AD", List.of("ADD", "AND"))).contains("ADD");
    }

    @Test
    void namesAreComparedWithTheirCase() {
        assertThat(Suggestion.didYouMean("PAHT", List.of("HOME", "PATH"))).isEqualTo(" (did you mean PATH?)");
        assertThat(Suggestion.didYouMean("path", List.of("PATH"))).isEmpty();
        assertThat(Suggestion.didYouMean("Kv", List.of("N"))).isEqualTo(" (did you mean N?)");
        assertThat(Suggestion.didYouMean("from", List.of("form", "from"))).isEmpty();
    }

    @Test
    void neverSuggestsTheWordItself() {
        assertThat(Suggestion.nearest("RUN", List.of("RUN"))).isEmpty();
    }
}
