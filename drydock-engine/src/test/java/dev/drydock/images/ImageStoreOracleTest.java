package dev.drydock.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.fault.UserFault;
import dev.drydock.images.ImageStore.Force;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random puts, tags and removals, compared with a map. */
class ImageStoreOracleTest {
    @TempDir
    Path directory;

    /** The naive store: which image each name has, and which images there are. */
    private final Map<String, Digest> names = new TreeMap<>();

    private final Set<Digest> ids = new HashSet<>();

    @Test
    void randomOperationsAgreeWithAMap() throws IOException {
        for (long seed = 0; seed < 4; seed++) {
            names.clear();
            ids.clear();
            try (TestStore store = new TestStore(directory.resolve("seed" + seed))) {
                Random random = new Random(seed);
                for (int step = 0; step < 120; step++) {
                    String what = act(store, random);
                    check(store, "seed " + seed + " step " + step + ": " + what);
                }
            }
        }
    }

    private String act(TestStore store, Random random) {
        String name = "repo" + random.nextInt(3) + ":" + random.nextInt(3);
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                String label = "img" + random.nextInt(12);
                Unnamed replaced = random.nextBoolean() ? Unnamed.DROP : Unnamed.KEEP;
                Digest id = store.put(label, 1, replaced, name);
                ids.add(id);
                Digest before = names.put(name, id);
                if (replaced == Unnamed.DROP && before != null && !names.containsValue(before)) {
                    ids.remove(before);
                }
                return "put " + label + " as " + name + " " + replaced;
            }
            case 2 -> {
                String target = "repo" + random.nextInt(3) + ":" + random.nextInt(3);
                boolean done = succeeds(() -> store.images.tag(name, ImageRef.parse(target)));
                assertThat(done).isEqualTo(names.containsKey(name));
                if (done) {
                    names.put(target, names.get(name));
                }
                return "tag " + name + " " + target;
            }
            case 3 -> {
                boolean done = succeeds(() -> store.images.remove(name, Force.NO));
                assertThat(done).isEqualTo(names.containsKey(name));
                if (done) {
                    Digest id = names.remove(name);
                    if (!names.containsValue(id)) {
                        ids.remove(id);
                    }
                }
                return "rmi " + name;
            }
            default -> {
                if (ids.isEmpty()) {
                    return "nothing";
                }
                Digest id = new ArrayList<>(new TreeSet<>(ids)).get(random.nextInt(ids.size()));
                Force force = random.nextBoolean() ? Force.YES : Force.NO;
                List<String> of = names.keySet().stream()
                        .filter(n -> names.get(n).equals(id))
                        .toList();
                boolean done = succeeds(() -> store.images.remove(id.hex(), force));
                assertThat(done).isEqualTo(force == Force.YES || of.size() <= 1);
                if (done) {
                    of.forEach(names::remove);
                    ids.remove(id);
                }
                return "rmi " + id + " " + force;
            }
        }
    }

    private static boolean succeeds(Runnable work) {
        try {
            work.run();
            return true;
        } catch (UserFault e) {
            return false;
        }
    }

    private void check(TestStore store, String what) throws IOException {
        Map<String, Digest> actual = new TreeMap<>();
        Set<Digest> actualIds = new HashSet<>();
        Set<String> layers = new TreeSet<>();
        Set<String> blobs = new TreeSet<>();
        for (StoredImage image : store.images.list()) {
            actualIds.add(image.id());
            image.names().forEach(name -> actual.put(name.familiar(), image.id()));
            store.layers(image.id()).forEach(layer -> layers.add(layer.id().value()));
            blobs.add(image.id().hex());
            blobs.add(image.manifest().digest().hex());
        }
        assertThat(actual).as(what).isEqualTo(names);
        assertThat(actualIds).as(what).isEqualTo(ids);
        assertThat(store.layerDirectories()).as(what).containsExactlyElementsOf(layers);
        assertThat(store.blobs()).as(what).containsExactlyElementsOf(blobs);
    }
}
