package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ProbeFailuresTest {
    private static final OciRuntime CRUN = new OciRuntime(Path.of("/bin/crun"), OciRuntime.Kind.CRUN, "crun", false);
    private static final OciRuntime RUNC = new OciRuntime(Path.of("/bin/runc"), OciRuntime.Kind.RUNC, "runc", false);

    private final ProbeFailures failures = new ProbeFailures();

    @Test
    void aReasonIsToldOnceWithAllThatItHoldsFor() {
        int trial = 0;
        for (RootMount root : RootMount.values()) {
            for (OciRuntime runtime : new OciRuntime[] {CRUN, RUNC}) {
                String id = "drydock-1-a-" + trial++;
                failures.add(Rung.of(runtime, root), id, "mount /tmp/run-" + id + "/root: Operation not permitted");
            }
        }
        failures.add(Rung.chroot(RootMount.OVERLAY, true), "trial-x", "unshare: Operation not permitted");
        failures.add(Rung.chroot(RootMount.COPY, false), "trial-y", "unshare: Operation not permitted");
        failures.add(Rung.BARE, "trial-z", "ended with code 1");
        assertThat(failures.text())
                .isEqualTo("crun and runc: mount /tmp/run-drydock-1-a-0/root: Operation not permitted;"
                        + " chroot: unshare: Operation not permitted; chroot, nothing mounted: ended with code 1");
    }

    @Test
    void howLayersAreShownIsToldWhereItMakesADifference() {
        failures.add(Rung.of(CRUN, RootMount.OVERLAY), "trial-a", "no overlay");
        failures.add(Rung.of(RUNC, RootMount.OVERLAY), "trial-b", "no overlay");
        failures.add(Rung.of(CRUN, RootMount.COPY), "trial-c", "no space");
        failures.add(Rung.chroot(RootMount.COPY, true), "trial-d", "no space");
        assertThat(failures.text()).isEqualTo("crun and runc: no overlay; crun, copy and chroot: no space");
    }
}
