package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckOptionsTest {
    @Test
    void nothingSaidMeansTheUsual() {
        assertThat(CheckOptions.parse("")).isEqualTo(CheckOptions.USUAL);
        assertThat(CheckOptions.parse(" \t")).isEqualTo(CheckOptions.USUAL);
    }

    @Test
    void allThreeOptionsInOne() {
        CheckOptions options = CheckOptions.parse("skip=A, B ;error=true;experimental=all");
        assertThat(options.skipped()).containsExactlyInAnyOrder("A", "B");
        assertThat(options.experimental()).containsExactly(CheckOptions.ALL);
        assertThat(options.outcome()).isEqualTo(CheckOptions.Outcome.ERROR);
    }

    @ParameterizedTest
    @CsvSource({"error=1,ERROR", "error=TRUE,ERROR", "error= t,ERROR", "error=0,WARNING", "error=False,WARNING"})
    void errorIsATruthValue(String text, CheckOptions.Outcome outcome) {
        assertThat(CheckOptions.parse(text).outcome()).isEqualTo(outcome);
    }

    @Test
    void allSkipsWhatIsNotExperimental() {
        CheckOptions options = CheckOptions.parse("skip=all;experimental=InvalidDefinitionDescription");
        assertThat(options.reports(Rule.FROM_AS_CASING)).isFalse();
        assertThat(options.reports(Rule.INVALID_DEFINITION_DESCRIPTION)).isTrue();
        options = CheckOptions.parse("skip=InvalidDefinitionDescription;experimental=InvalidDefinitionDescription");
        assertThat(options.reports(Rule.INVALID_DEFINITION_DESCRIPTION)).isTrue();
        assertThat(CheckOptions.USUAL.reports(Rule.INVALID_DEFINITION_DESCRIPTION))
                .isFalse();
    }

    @Test
    void optionsOfAnInstructionAddToThoseOfTheFileButForError() {
        CheckOptions both = CheckOptions.parse("skip=A").with(CheckOptions.parse("skip=B;experimental=C;error=true"));
        assertThat(both).isEqualTo(new CheckOptions(Set.of("A", "B"), Set.of("C"), CheckOptions.Outcome.WARNING));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo | invalid check option \"foo\"",
                "foo=1 | invalid check option \"foo\"",
                "skip=A;foo=1 | invalid check option \"foo\"",
                "skip=A;; | invalid check option \"\"",
                "skip=A;error=true;experimental=B;x=y | ",
                "error=maybe | failed to parse check option \"error=maybe\": strconv.ParseBool: parsing \"maybe\": invalid syntax",
            })
    void whatIsNoOptionIsNamed(String text, String message) {
        if (message == null) {
            assertThat(CheckOptions.parse(text).experimental()).containsExactly("B;x=y");
        } else {
            assertThatThrownBy(() -> CheckOptions.parse(text))
                    .isInstanceOf(UserFault.class)
                    .hasMessage(message);
        }
    }
}
