package dev.drydock.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.child.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    @TempDir
    Path root;

    /** Takes a lease, leaves something unfinished under it, says so and waits. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            Lease lease = Lease.open(Path.of(arguments[0]));
            Files.writeString(lease.tmp().resolve("half"), "half");
            System.out.println(lease.id());
            if (System.in.read() >= 0) {
                lease.close();
                System.out.println("closed");
            }
        }
    }

    private List<String> sweep() {
        List<String> ended = new ArrayList<>();
        Lease.sweep(root, ended::add);
        return ended;
    }

    @Test
    void aLeaseLivesUntilItIsClosedAndTakesItsDirectoryWithIt() throws IOException {
        Lease lease = Lease.open(root);
        Files.createDirectories(lease.tmp().resolve("a/b"));
        assertThat(Lease.alive(root, lease.id())).isTrue();
        assertThat(sweep()).isEmpty();
        lease.close();
        lease.close();
        assertThat(Lease.alive(root, lease.id())).isFalse();
        assertThat(lease.tmp()).doesNotExist();
        assertThat(root.resolve("leases")).isEmptyDirectory();
    }

    @Test
    void askingInTheSameProcessDoesNotDropTheLock() throws Exception {
        try (Lease lease = Lease.open(root);
                Lease second = Lease.open(root)) {
            assertThat(sweep()).isEmpty();
            assertThat(Lease.alive(root, lease.id())).isTrue();
            assertThat(Lease.alive(root, second.id())).isTrue();
            try (ChildJvm child = ChildJvm.start(Sweeper.class, root)) {
                assertThat(child.readLine()).as("what another process sweeps").isEqualTo("[]");
            }
        }
    }

    static final class Sweeper {
        public static void main(String[] arguments) {
            List<String> ended = new ArrayList<>();
            Lease.sweep(Path.of(arguments[0]), ended::add);
            System.out.println(ended);
        }
    }

    @Test
    void anotherProcessesLeaseIsAliveUntilItIsKilledAndThenSwept() throws Exception {
        try (ChildJvm child = ChildJvm.start(Holder.class, root)) {
            String id = child.readLine();
            assertThat(Lease.alive(root, id)).isTrue();
            assertThat(sweep()).isEmpty();
            assertThat(root.resolve("tmp").resolve(id).resolve("half")).exists();
            child.kill();
            assertThat(Lease.alive(root, id)).isFalse();
            assertThat(sweep()).containsExactly(id);
            assertThat(root.resolve("tmp")).isEmptyDirectory();
            assertThat(root.resolve("leases")).isEmptyDirectory();
            assertThat(sweep()).isEmpty();
        }
    }

    @Test
    void sweepersInSeveralThreadsAndYoungLeasesDoNotDisturbEachOther() throws InterruptedException {
        try (Scope scope = Scope.ofPlatformThreads("lease")) {
            for (int thread = 0; thread < 4; thread++) {
                scope.fork(() -> {
                    for (int i = 0; i < 50; i++) {
                        try (Lease lease = Lease.open(root)) {
                            assertThat(sweep()).isEmpty();
                            assertThat(lease.tmp()).isDirectory();
                        }
                    }
                    return null;
                });
            }
            scope.join();
        }
    }
}
