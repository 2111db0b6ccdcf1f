package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import dev.drydock.runtime.DeviceEdits;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.snapshot.LayeredTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The words are those of crun 1.8.1, runc 1.1.5 and util-linux 2.38, each provoked. */
final class RuntimeWordsTest {
    private static final int ROOT = 0;
    private static final int USER = 1000;
    private static final String NONE = "";
    private static final String INTERPRETER = "is there, but the interpreter that its first line names, or its dynamic";
    private static final String SHEBANG =
            "is no program of this machine: a script needs a first line such as #!/bin/sh.";
    private static final String FOREIGN = "The program is for s390x and this machine is ";
    private static final String DAMAGED = "The program is damaged, or for another operating system.";
    private static final String GROUPS = "The control groups of this machine are not for this build to write";
    private static final String MAY_NOT = "User 1000 may not start \"/t/script\"";
    private static final String TARGET = "A mount does not fit what the image has at its target";

    @TempDir
    private Path root;

    @BeforeEach
    void programs() throws IOException {
        Files.createDirectories(root.resolve("t"));
        Files.writeString(root.resolve("t/script"), "#!/no/such/interpreter\n");
        Files.writeString(root.resolve("t/plain"), "echo hi\n");
        Files.writeString(root.resolve("t/empty"), "");
        Files.write(root.resolve("t/foreign"), elf(2, 22));
        Files.write(
                root.resolve("t/damaged"), elf(1, System.getProperty("os.arch").equals("aarch64") ? 183 : 62));
    }

    /** @param order 1 for little-endian, 2 for big-endian */
    private static byte[] elf(int order, int machine) {
        byte[] head = new byte[64];
        byte[] magic = "\u007fELF".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(magic, 0, head, 0, magic.length);
        head[5] = (byte) order;
        head[order == 1 ? 18 : 19] = (byte) machine;
        return head;
    }

    static Stream<Arguments> words() {
        return Stream.of(
                of(
                        "exec container process (missing dynamic library?) `/t/script`: No such file or directory",
                        INTERPRETER),
                of("exec /t/script: no such file or directory", INTERPRETER),
                of("unshare: failed to execute /t/script: No such file or directory", INTERPRETER),
                of("nsenter: failed to execute /t/foreign: Exec format error", "/t/foreign", ROOT, FOREIGN),
                of("exec container process `/t/plain`: Exec format error", "/t/plain", ROOT, SHEBANG),
                of("exec /t/plain: exec format error", "/t/plain", ROOT, SHEBANG),
                of("exec /t/empty: exec format error", "/t/empty", ROOT, SHEBANG),
                of("exec container process `/t/foreign`: Exec format error", "/t/foreign", ROOT, FOREIGN),
                of("exec /t/foreign: exec format error", "foreign", ROOT, FOREIGN),
                of("exec container process `/t/damaged`: Exec format error", "/t/damaged", ROOT, DAMAGED),
                of("exec /t/damaged: exec format error", "/t/damaged", ROOT, DAMAGED),
                of("creating cgroup directory `/sys/fs/cgroup/systemd/x`: No such file or directory", GROUPS),
                of(
                        "runc run failed: unable to start container process: unable to apply cgroup configuration:"
                                + " mkdir /sys/fs/cgroup/cpuset/x: read-only file system",
                        GROUPS),
                of("open executable: Permission denied", "/t/script", USER, MAY_NOT),
                of(
                        "runc run failed: unable to start container process: exec: \"/t/script\": permission denied",
                        "/t/script",
                        USER,
                        MAY_NOT),
                of("open executable: Permission denied", "/t/script", ROOT, NONE),
                of("mount `tmpfs` to `bin/sh`: Not a directory", TARGET),
                of("mkdir `/etc/passwd/x`: Not a directory", TARGET),
                of(
                        "runc run failed: unable to start container process: error during container init: error mounting"
                                + " \"tmpfs\" to rootfs at \"/bin/sh\": mount tmpfs:/bin/sh (via /proc/self/fd/6), flags:"
                                + " 0x2: not a directory",
                        TARGET),
                // what speaks for itself, and what other programs say
                of("executable file `nothere` not found in $PATH: No such file or directory", "nothere", ROOT, NONE),
                of(
                        "runc run failed: unable to start container process: exec: \"/nothere\": stat /nothere: no such"
                                + " file or directory",
                        "/nothere",
                        ROOT,
                        NONE),
                of("mkdir `/proc/x`: No such file or directory", NONE),
                of("cat: can't open '/etc/shadow': Permission denied", "/t/script", USER, NONE),
                of("ls: /x: No such file or directory", NONE),
                of("", NONE));
    }

    private static Arguments of(String words, String hint) {
        return of(words, "/t/script", ROOT, hint);
    }

    private static Arguments of(String words, String program, int uid, String hint) {
        return Arguments.of(words, program, uid, hint);
    }

    @ParameterizedTest
    @MethodSource("words")
    void wordsHaveACauseAndAFix(String words, String program, int uid, String hint) {
        try (LayeredTree tree = LayeredTree.ofDirectories(List.of(root.toString()))) {
            Optional<String> found = RuntimeWords.hint(words, tree, process(program, uid));
            if (hint.isEmpty()) {
                assertThat(found).isEmpty();
            } else {
                assertThat(found).hasValueSatisfying(text -> assertThat(text).contains(hint));
            }
        }
    }

    private ProcessSpec process(String program, int uid) {
        return new ProcessSpec(
                "id",
                List.of(),
                root,
                root,
                List.of(program),
                List.of("PATH=/bin:/t"),
                "/",
                uid,
                uid,
                List.of(),
                "host",
                List.of(),
                Op.Network.NONE,
                Op.Security.SANDBOX,
                List.of(),
                List.of(),
                null,
                ResourceLimits.NONE,
                DeviceEdits.NONE);
    }
}
