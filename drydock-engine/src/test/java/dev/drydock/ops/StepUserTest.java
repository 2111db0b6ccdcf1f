package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the same words give in BuildKit. */
final class StepUserTest {
    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            app:x:1234:50::/home/app:/bin/sh
            twin:x:1234:51::/home/twin:/bin/sh
            homeless:x:77:50:::
            """;
    private static final String GROUP = """
            root:x:0:
            staff:x:50:
            extra:x:88:twin,app
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''         | 0    | 0  | []        | /root",
                "root       | 0    | 0  | []        | /root",
                "root:root  | 0    | 0  | []        | /root",
                "root:9     | 0    | 9  | []        | /root",
                "app        | 1234 | 50 | [88]      | /home/app",
                "twin       | 1234 | 51 | [88]      | /home/app",
                "1234       | 1234 | 50 | [88]      | /home/app",
                "1234:7     | 1234 | 7  | []        | /home/app",
                "app:staff  | 1234 | 50 | []        | /home/app",
                ":88        | 0    | 88 | []        | /root",
                "app:88     | 1234 | 88 | []        | /home/app",
                "5:staff    | 5    | 50 | []        | /",
                "5          | 5    | 0  | []        | /",
                "homeless   | 77   | 50 | []        | /",
            })
    void looksUpNamesAndNumbers(String spec, int uid, int gid, String groups, String home) {
        StepUser user = StepUser.resolve(spec, PASSWD, GROUP);
        assertThat(user.uid()).isEqualTo(uid);
        assertThat(user.gid()).isEqualTo(gid);
        assertThat(user.groups()).hasToString(groups);
        assertThat(user.home()).isEqualTo(home);
    }

    @Test
    void needsNoFilesForNumbers() {
        assertThat(StepUser.resolve("", "", "")).isEqualTo(new StepUser(0, 0, List.of(), "/"));
        assertThat(StepUser.resolve("7", "", "")).isEqualTo(new StepUser(7, 0, List.of(), "/"));
        assertThat(StepUser.resolve("root:root", "", "")).isEqualTo(new StepUser(0, 0, List.of(), "/"));
    }

    @Test
    void missesNamesThatAreNotThere() {
        assertThatThrownBy(() -> StepUser.resolve("who", PASSWD, GROUP))
                .isInstanceOf(UserFault.class)
                .hasMessage("unable to find user who: no matching entries in passwd file");
        assertThatThrownBy(() -> StepUser.resolve("app:who", PASSWD, GROUP))
                .hasMessage("unable to find group who: no matching entries in group file");
        assertThatThrownBy(() -> StepUser.resolve("root", "", ""))
                .hasMessage("unable to find user root: no matching entries in passwd file");
    }
}
