package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.images.StoredImage;
import dev.drydock.integrity.Problem;
import dev.drydock.integrity.StoreCheck;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code fsck}: looks through a store, mends what the store itself can, and pulls again what a registry has. */
final class StoreRepair {
    private final Store store;
    private final RegistryClient registries;
    private final InstantSource clock;

    StoreRepair(Store store, RegistryClient registries, InstantSource clock) {
        this.store = store;
        this.registries = registries;
        this.clock = clock;
    }

    StoreReport run(boolean contents, boolean repair) throws InterruptedException {
        StoreCheck check = store.check();
        StoreCheck.Report report = check.check(contents);
        List<StoreProblem> problems = new ArrayList<>();
        for (Problem problem : report.problems()) {
            problems.add(new StoreProblem(
                    problem.part().name().toLowerCase(Locale.ROOT),
                    problem.subject(),
                    problem.what(),
                    problem.images().stream().map(this::name).toList()));
        }
        List<String> repaired = new ArrayList<>();
        List<String> left = new ArrayList<>();
        if (repair && !problems.isEmpty()) {
            StoreCheck.Mended mended = check.mend(report);
            int done = problems.size() - mended.left().size();
            if (done > 0) {
                repaired.add("mended or dropped: " + done + (done == 1 ? " problem" : " problems"));
            }
            Set<Digest> broken = new LinkedHashSet<>(mended.brokenImages());
            for (Digest image : broken) {
                pullAgain(image, repaired, left);
            }
            for (Problem problem : check.check(false).problems()) {
                if (problem.images().stream().noneMatch(broken::contains)) { // those were told of one by one
                    left.add(problem.part().name().toLowerCase(Locale.ROOT) + " " + problem.subject() + ": "
                            + problem.what());
                }
            }
        }
        return new StoreReport(
                report.images(), report.layers(), report.blobs(), report.records(), problems, repaired, left);
    }

    private String name(Digest image) {
        List<ImageRef> names = store.check().names(Set.of(image)).getOrDefault(image, List.of());
        return names.isEmpty() ? image.shortHex() : names.getFirst().familiar();
    }

    /** An image with a name by digest came from a registry, or went to one. */
    private void pullAgain(Digest id, List<String> repaired, List<String> left) throws InterruptedException {
        String name = name(id);
        if (store.images().isWhole(id)) {
            return; // another image brought what it lacked
        }
        ImageRef pinned = pinned(id);
        if (pinned == null) {
            left.add("image " + name + " is not whole: build, import or load it again");
            return;
        }
        try {
            StoredImage image = store.images().resolve(id.toString());
            new RegistryPull(store, registries.open(), clock)
                    .run(pinned, image.config().platform(), _ -> {});
            if (store.images().isWhole(id)) {
                repaired.add("pulled " + pinned.familiar() + " again");
                return;
            }
            left.add("image " + name + " is not whole: what " + pinned.familiar() + " stands for is another image now");
        } catch (DrydockException fault) {
            left.add("image " + name + " is not whole, and could not be pulled again: " + fault.text());
        }
    }

    private @Nullable ImageRef pinned(Digest id) {
        List<ImageRef> pinned = store.images().resolve(id.toString()).digests();
        return pinned.isEmpty() ? null : pinned.getFirst();
    }
}
