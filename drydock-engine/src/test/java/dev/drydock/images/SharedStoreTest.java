package dev.drydock.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.child.ChildJvm;
import dev.drydock.images.ImageStore.Force;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one store, and processes that are killed. */
@Timeout(600)
class SharedStoreTest {
    @TempDir
    Path root;

    /** Builds on the image {@code base}: claims it, waits, makes a layer, waits, stores an image, waits. */
    static final class Builder {
        public static void main(String[] arguments) throws IOException {
            TestStore store = new TestStore(Path.of(arguments[0]));
            try (Work work = store.garbage.begin()) {
                ClaimedImage base =
                        store.images.find(work.claims(), ImageRef.parse("base")).orElseThrow();
                say("claimed");
                Layer layer = store.layer(work.claims(), "layermade1", 7);
                say("made");
                List<Layer> chain = new ArrayList<>(base.layers());
                chain.add(layer);
                byte[] config = TestStore.config("built", 1, chain);
                store.images.put(
                        work.claims(), config, chain, List.of(ImageRef.parse("built")), ImageStore.Unnamed.DROP);
                say(Files.exists(chain.getFirst().fs().resolve("etc/file")) ? "stored" : "base is gone");
            }
            store.close();
        }

        private static void say(String text) throws IOException {
            System.out.println(text);
            System.in.read();
        }
    }

    @Test
    void collectionNeverRacesABuildOfAnotherProcess() throws Exception {
        try (TestStore store = new TestStore(root)) {
            Digest base = store.put("base11", 1, "base");
            try (ChildJvm child = ChildJvm.start(Builder.class, root)) {
                assertThat(child.readLine()).isEqualTo("claimed");
                assertThat(store.images.remove("base", Force.NO).deleted()).containsExactly(base);
                store.garbage.sweep();
                assertThat(store.layerDirectories()).containsExactly("layerbase11");
                child.proceed();
                assertThat(child.readLine()).isEqualTo("made");
                store.put("other1", 1, "other");
                store.images.remove("other", Force.NO);
                store.garbage.sweep();
                assertThat(store.layerDirectories()).containsExactly("layerbase11", "layermade1");
                child.proceed();
                assertThat(child.readLine()).isEqualTo("stored");
                child.proceed();
                assertThat(child.waitFor()).isZero();
                assertThat(store.layerDirectories()).containsExactly("layerbase11", "layermade1");
                assertThat(store.blobs()).hasSize(2);
                store.images.remove("built", Force.NO);
                assertThat(store.layerDirectories()).isEmpty();
                assertThat(store.blobs()).isEmpty();
            }
        }
    }

    @Test
    void whatAKilledBuildUsedAndMadeIsFreedByTheNextCommand() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("base11", 1, "base");
            try (ChildJvm child = ChildJvm.start(Builder.class, root)) {
                assertThat(child.readLine()).isEqualTo("claimed");
                child.proceed();
                assertThat(child.readLine()).isEqualTo("made");
                store.images.remove("base", Force.NO);
                assertThat(store.layerDirectories()).containsExactly("layerbase11", "layermade1");
            }
            store.garbage.sweep();
            assertThat(store.layerDirectories()).isEmpty();
            assertThat(store.blobs()).isEmpty();
            assertThat(root.resolve("tmp")).isDirectoryContaining(path -> path.equals(store.lease.tmp()));
            assertThat(Disk.entries(root.resolve("tmp"))).hasSize(1);
        }
    }

    /** Puts, tags and removes for ever; prints what is certain. */
    static final class Churn {
        public static void main(String[] arguments) {
            TestStore store = new TestStore(Path.of(arguments[0]));
            String prefix = arguments[1];
            for (int i = 0; ; i++) {
                Digest id = store.put(prefix + (i % 5), 1, Unnamed.DROP, prefix + ":build");
                store.images.tag(prefix + ":build", ImageRef.parse(prefix + ":tag" + i % 3));
                System.out.println(i + " " + id);
                if (i % 4 == 3) {
                    store.images.remove(prefix + ":tag" + i % 3, Force.NO);
                }
            }
        }
    }

    @Test
    void killedProcessesLeaveAStoreThatTheNextCommandUsesWithoutRepair() throws Exception {
        for (int round = 0; round < 6; round++) {
            String last = "";
            try (ChildJvm first = ChildJvm.start(Churn.class, root, "a");
                    ChildJvm second = ChildJvm.start(Churn.class, root, "b")) {
                for (int i = 0; i < 4 + 5 * round; i++) {
                    last = first.readLine();
                    second.readLine();
                }
                first.kill();
                second.kill();
            }
            try (TestStore store = new TestStore(root)) {
                assertThat(last).isNotNull();
                store.garbage.sweep();
                check(store);
            }
        }
    }

    private void check(TestStore store) throws IOException {
        Set<String> layers = new TreeSet<>();
        Set<String> blobs = new TreeSet<>();
        for (StoredImage image : store.images.list()) {
            for (Layer layer : store.layers(image.id())) {
                assertThat(layer.fs().resolve("etc/file")).exists();
                layers.add(layer.id().value());
            }
            blobs.add(image.id().hex());
            blobs.add(image.manifest().digest().hex());
            assertThat(Digest.of(store.content.document(image.id()))).isEqualTo(image.id());
        }
        assertThat(store.layerDirectories()).containsExactlyElementsOf(layers);
        assertThat(store.blobs()).containsExactlyElementsOf(blobs);
        assertThat(Disk.entries(root.resolve("tmp"))).containsExactly(store.lease.tmp());
        assertThat(Disk.entries(root.resolve("leases"))).hasSize(1);
    }
}
