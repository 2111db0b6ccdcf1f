package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendWordsTest {
    @ParameterizedTest
    @CsvSource({
        "/, a, /a",
        "/srv, ., /srv/",
        "/srv, ./, /srv/",
        "/srv, a/., /srv/a/",
        "/srv, ../../x, /x",
        "/srv, /x//y/, /x/y/",
        "/, ., /",
        "/srv, /, /",
    })
    void destinationsKeepTheSlashThatMeansDirectory(String directory, String dest, String resolved) {
        assertThat(UnixPath.resolveDestination(directory, dest)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "1500, 1.5µs",
        "500000000, 500ms",
        "1000000000, 1s",
        "90000000000, 1m30s",
        "3600000000000, 1h0m0s",
        "3661500000000, 1h1m1.5s",
        "-1000000, -1ms"
    })
    void durationsAreGos(long nanos, String text) {
        assertThat(GoFormat.duration(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @Test
    void listsAreGos() {
        assertThat(GoFormat.list(List.of("a b", "c"))).isEqualTo("[a b c]");
        assertThat(GoFormat.quotedList(List.of("a\tb", "é"))).isEqualTo("[\"a\\tb\" \"é\"]");
        assertThat(GoFormat.quotedList(List.of())).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGTERM", "term", "sigQuit", "9", "37", "SIGRTMIN+3", "RTMAX-1", "RTMIN", "-1"})
    void signals(String signal) {
        assertThat(Signals.isValid(signal)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "FOO", "SIGRTMIN+99", "SIG", "9.5", "SIGSIGTERM"})
    void noSignals(String signal) {
        assertThat(Signals.isValid(signal)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"u=rwX,go=rX", "+x", "a-w", "o=g", "u+rw-x", "=", "g+s,+t"})
    void symbolicModes(String mode) {
        assertThat(Ownership.mode(mode)).hasToString("Symbolic[text=" + mode + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "https://h/r.git, true",
        "https://h/r.git#v1, true",
        "https://h/r.git?ref=x, true",
        "http://h/f.tar.gz, false",
        "git@h:r, true",
        "git://h/r, true",
        "ssh://h/r, true",
        "a/b@c:d, false",
        "x@y, false",
        "file.git, false",
    })
    void gitSources(String source, boolean git) {
        assertThat(GitSource.isGit(source)).isEqualTo(git);
    }
}
