package dev.drydock.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SymbolicModeTest {
    /** What BuildKit 0.32 makes of them; those of whole images are in the Dockerfiles chmod-symbolic-*. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"u=rwX,go=rX\", 644, false, 644",
                "\"u=rwX,go=rX\", 700, false, 755",
                "\"u=rwX,go=rX\", 600, true, 755",
                "+x, 644, false, 755",
                "a-w, 666, false, 444",
                "g=u, 640, false, 660",
                "u+s, 755, false, 4755",
                "\"g+s,o+t\", 644, false, 2644",
                "g+st, 755, false, 3755",
                "+t, 755, true, 1755",
                "u=, 755, false, 55",
                "+, 644, false, 644",
                "ug+w-x, 755, false, 665",
                "\"u+x,go-w\", 664, false, 744",
                "\"a-x,a+X\", 755, false, 755",
                "a+X, 644, false, 644",
                "g=ru, 754, false, 774",
                "a=rx, 6755, true, 555",
            })
    void itReadsAsBuildKitDoes(String text, String before, boolean directory, String after) {
        int mode = SymbolicMode.parse(text).apply(Integer.parseInt(before, 8), directory);
        assertThat(Integer.toOctalString(mode)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "x=r", "u=q", "u+q", "u=rwx,", "u!r", "u+x go-w", "-1", ",u+x"})
    void nonsenseIsAFault(String text) {
        assertThatThrownBy(() -> SymbolicMode.parse(text))
                .isInstanceOf(UserFault.class)
                .hasMessageStartingWith("invalid chmod parameter: '" + text + "': invalid syntax");
    }
}
