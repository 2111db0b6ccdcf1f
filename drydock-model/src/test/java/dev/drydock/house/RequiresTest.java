package dev.drydock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RequiresTest {
    @Test
    void programOnThePathIsFound() {
        assertThat(Requires.program("sh")).isExecutable();
    }

    @Test
    void unmetNeedSkipsExceptOnABuildServer() {
        boolean buildServer = "true".equals(System.getenv("CI"));
        Throwable thrown = catchThrowable(() -> Requires.program("no-such-program"));
        assertThat(thrown).isInstanceOf(buildServer ? AssertionError.class : TestAbortedException.class);
        assertThat(thrown).hasMessageStartingWith("needs the program no-such-program");
    }
}
