package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Steps that try to get at the host. Each attempt fails, and for the right reason. */
class EscapeIT {
    private static Store store;
    private int projects;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private Path project(String dockerfile) throws IOException {
        Path project = store.directory("escape" + projects++);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        return project;
    }

    /** What the steps of a build print, which succeeds. */
    private String build(String dockerfile) throws IOException, InterruptedException {
        return store.drydock("build", "--progress=plain", "--no-cache", ".")
                .in(project(dockerfile))
                .run()
                .ok()
                .err();
    }

    /** Runs each line; none may succeed. */
    private void refused(List<String> attempts) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("RUN <<'EOF'\n");
        for (String attempt : attempts) {
            script.append("( ")
                    .append(attempt)
                    .append(" ) 2>&1 && echo \"ESCAPED: ")
                    .append(attempt.replace("\"", ""));
            script.append("\"\n");
        }
        String said = build(script.append("echo tried all\nEOF\n").toString());
        assertThat(said).contains("tried all").doesNotContainPattern("#[0-9]+ [0-9.]+ ESCAPED");
    }

    @Test
    void namespacesAndMountsAreRefused() throws Exception {
        refused(List.of(
                "mount -t tmpfs none /home",
                "mount --bind / /home",
                "mount -o remount,rw /proc/sys",
                "umount /etc/hosts",
                "unshare -m true",
                "unshare -U true",
                "unshare -n true",
                "nsenter -t 1 -m true",
                "chroot /proc/1/root/.. mount -t proc proc /proc"));
    }

    @Test
    void theKernelsSettingsAreRefused() throws Exception {
        refused(List.of(
                "echo '|/bin/sh' > /proc/sys/kernel/core_pattern",
                "echo 1 > /proc/sys/kernel/sysrq",
                "echo b > /proc/sysrq-trigger",
                "echo 0 > /proc/sys/vm/overcommit_memory",
                "hostname somebody",
                "date -s 2001-01-01 > /dev/null 2>&1; test $(date +%Y) = 2001",
                "swapoff -a",
                "insmod /bin/busybox",
                "dmesg -c | grep -q .",
                "head -c 1 /proc/kcore | grep -q .",
                "cat /proc/keys | grep -q .",
                "cat /proc/timer_list | grep -q .",
                "ls /sys/firmware | grep -q .",
                "touch /sys/x",
                "echo 1 > /sys/kernel/mm/transparent_hugepage/enabled"));
    }

    @Test
    void devicesOfTheHostAreRefused() throws Exception {
        refused(List.of(
                "mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk",
                "mknod /tmp/disk b 259 0 && head -c 1 /tmp/disk",
                "mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem",
                "mknod /tmp/kmsg c 1 11 && head -c 1 /tmp/kmsg",
                "mknod /tmp/fuse c 10 229 && head -c 1 /tmp/fuse",
                "test -e /dev/sda -o -e /dev/vda -o -e /dev/mem -o -e /dev/kmsg"));
    }

    /** The first process that a step sees is its own, and the runtime's is not within reach. */
    @Test
    void processesOfTheHostAreOutOfSight() throws Exception {
        String said = build("""
                RUN <<'EOF'
                echo pid $$
                ls -d /proc/[0-9]* | wc -l
                ls /proc/1/root | tr '\\n' ' '
                readlink /proc/self/exe
                kill -0 2 2>&1
                for fd in /proc/self/fd/* /proc/1/fd/*; do readlink $fd; done | grep -v -e pipe: -e /dev/null -e /proc/ -e 'fd/'; true
                EOF
                """);
        assertThat(said)
                .contains(" pid 1\n")
                .contains(" bin dev etc home proc root sys tmp usr var /bin/busybox\n")
                .doesNotContain(store.root().toString());
    }

    /** Links that the image or an earlier step made are followed inside the step's root only. */
    @Test
    void mountTargetsThatAreLinksStayInTheRoot() throws Exception {
        Path outside = store.directory("outside");
        String said = build("""
                RUN mkdir -p %1$s && ln -s %1$s /abs && ln -s ../../../../../../../../..%1$s /rel
                RUN --mount=type=cache,target=/abs/cache --mount=type=tmpfs,target=/rel/mem \\
                    touch /abs/cache/x /rel/mem/x && ls %1$s && echo mounted inside
                """.formatted(outside));
        assertThat(said).contains("mounted inside");
        try (var files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    /** A path out of the context, or out of a stage, is no source for a mount. */
    @Test
    void bindSourcesStayInTheirTree() throws Exception {
        Path outside = store.directory("secrets-of-the-host");
        Files.writeString(outside.resolve("file"), "of the host");
        for (String dockerfile : List.of(
                "RUN --mount=type=bind,source=../../../../../../" + outside + ",target=/m cat /m/file\n",
                "RUN ln -s " + outside + " /link\nFROM busybox:1.37\n"
                        + "RUN --mount=type=bind,from=0,source=/link,target=/m cat /m/file\n")) {
            Command.Outcome outcome = store.drydock("build", "--progress=plain", ".")
                    .in(project(dockerfile))
                    .run();
            assertThat(outcome.exit()).as(outcome.toString()).isNotZero();
            assertThat(outcome.err()).doesNotContain(" of the host\n");
        }
    }

    @Test
    void theStepsOwnFilesAreReadOnly() throws Exception {
        refused(List.of(
                "echo evil >> /etc/hosts",
                "echo evil >> /etc/resolv.conf",
                "rm /etc/hosts",
                "mv /etc/resolv.conf /etc/other",
                "echo evil > /proc/1/oom_score_adj && false"));
    }
}
