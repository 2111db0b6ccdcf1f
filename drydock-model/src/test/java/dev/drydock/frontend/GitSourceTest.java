package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of features.md 4.3. */
class GitSourceTest {
    private static final String FULL = "0123456789012345678901234567890123456789";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://h/r.git | https://h/r.git ref= subdir=null {}",
                "https://h/r.git#v1 | https://h/r.git ref=v1 subdir=null {}",
                "https://h/r.git#v1:a/b | https://h/r.git ref=v1 subdir=a/b {}",
                "https://h/r.git#:a | https://h/r.git ref= subdir=a {}",
                "https://h/r.git#pull/42/head | https://h/r.git ref=pull/42/head subdir=null {}",
                "https://h/r.git?branch=x | https://h/r.git ref=refs/heads/x subdir=null {}",
                "https://h/r.git?tag=x&subdir=d | https://h/r.git ref=refs/tags/x subdir=d {}",
                "https://h/r.git?tag=refs/tags/x | https://h/r.git ref=refs/tags/x subdir=null {}",
                "https://h/r.git?branch=refs/heads/x | https://h/r.git ref=refs/heads/x subdir=null {}",
                "https://h/r.git#feature%2Fx:a%20b | https://h/r.git ref=feature/x subdir=a b {}",
                "git@h:r#feature%2Fx | git@h:r ref=feature%2Fx subdir=null {}",
                "https://h/r.git#x:/../a/./b/ | https://h/r.git ref=x subdir=a/b {}",
                "https://h/r.git?subdir=a+b | https://h/r.git ref= subdir=a b {}",
                "https://h/r.git?ref=x#x:d | https://h/r.git ref=x subdir=d {}",
                "https://h/r.git?ref=feature%2Fx | https://h/r.git ref=feature/x subdir=null {}",
                "git@h:o/r.git?checksum=ABC123 | git@h:o/r.git ref= subdir=null {git.checksum=abc123}",
                "ssh://git@h/r?commit=abc | ssh://git@h/r ref= subdir=null {git.checksum=abc}",
                "git://h/r?keep-git-dir | git://h/r ref= subdir=null {git.keepgitdir=true}",
                "git://h/r?keep-git-dir=false&submodules=0 | git://h/r ref= subdir=null {git.submodules=false}",
                "git://h/r?submodules=true&mtime=checkout | git://h/r ref= subdir=null {}",
                "git://h/r?mtime=commit | git://h/r ref= subdir=null {git.mtime=commit}",
                "git://h/r?fetch-by-commit&checksum=" + FULL + " | git://h/r ref= subdir=null {git.checksum=" + FULL
                        + ", git.fetchbycommit=true}",
                "git://h/r?fetch-by-commit#" + FULL + " | git://h/r ref=" + FULL
                        + " subdir=null {git.fetchbycommit=true}",
            })
    void aSourceIsRead(String source, String expected) {
        GitSource git = GitSource.parse(source);
        assertThat(git.remote() + " ref=" + git.ref() + " subdir=" + git.subdir() + " " + git.attributes())
                .isEqualTo(expected);
    }

    /** Found by fuzzing: git would take them for flags. */
    @Test
    void whatBeginsLikeAFlagIsNoRepository() {
        assertThat(GitSource.isGit("-g@t:x")).isFalse();
        assertThat(GitSource.isGit("u@-oProxyCommand=x:y")).isFalse();
        assertThat(GitSource.isGit("git@host:x")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?ref=a#b | ref conflicts: \"b\" vs \"a\"",
                "?subdir=a#:b | subdir conflicts: \"b\" vs \"a\"",
                "?branch=a&tag=a | branch conflicts with tag",
                "?ref=a&branch=a | ref conflicts: \"a\" vs \"refs/heads/a\"",
                "?ref= | query \"ref\" has no value",
                "?ref=a&ref=a | query \"ref\" has multiple values",
                "?depth=1 | unexpected query \"depth\"",
                "?checksum=xyz | invalid checksum xyz for Git URL, expected hex commit hash",
                "?fetch-by-commit&checksum=abc | fetch-by-commit requires a full commit SHA checksum, got \"abc\"",
                "?submodules=perhaps | invalid submodules value: \"perhaps\"",
                "?other= | query \"other\" has no value",
                "#--upload-pack=x | invalid git ref \"--upload-pack=x\"",
                "#a b | invalid git ref \"a b\"",
                "#a..b | invalid git ref \"a..b\"",
            })
    void aSourceIsRefused(String more, String message) {
        assertThatThrownBy(() -> GitSource.parse("https://h/r.git" + more))
                .isInstanceOf(UserFault.class)
                .hasMessage(message);
    }
}
