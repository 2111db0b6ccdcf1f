package dev.drydock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Dockerfiles that must give the same image everywhere: the resources of {@code same-image}, with their context and base. */
final class SameImage implements AutoCloseable {
    private static final Path CASES = Store.checkout().resolve("drydock-cli/src/test/resources/same-image");
    private static final String SUFFIX = ".dockerfile";

    /** The settings of the base, in words that {@code import} takes here and elsewhere. */
    static final List<String> BASE_CHANGES =
            List.of("CMD [\"sh\"]", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    private final Store store;
    private final Path base;
    private final Path context;

    /** A Dockerfile. */
    record Case(String name, Path dockerfile) {
        String text() throws IOException {
            return Files.readString(dockerfile);
        }

        /** Flags of the build: the lines that begin with {@code #:}. */
        List<String> flags() throws IOException {
            return text().lines()
                    .filter(line -> line.startsWith("#: "))
                    .map(line -> line.substring(3))
                    .toList();
        }

        /** What {@link SavedImage#text} must say: what BuildKit's image says. */
        Path image() {
            return dockerfile.resolveSibling(name + ".image");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Those that any builder understands. */
    static List<Case> cases() throws IOException {
        return cases(CASES);
    }

    /** Those that need a Docker builder of today. */
    static List<Case> newerCases() throws IOException {
        return cases(CASES.resolve("newer"));
    }

    private static List<Case> cases(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .map(file -> new Case(file.getFileName().toString().replace(SUFFIX, ""), file))
                    .toList();
        }
    }

    static Path resource(String name) {
        return CASES.resolve(name);
    }

    private SameImage(Store store, Path base, Path context) {
        this.store = store;
        this.base = base;
        this.context = context;
    }

    static SameImage create() throws IOException, InterruptedException {
        Store store = Store.create();
        Path base = makeBase(store);
        List<String> words = new ArrayList<>(List.of("import", "-m", "base"));
        for (String change : BASE_CHANGES) {
            words.add("-c");
            words.add(change);
        }
        words.addAll(List.of(base.toString(), "base:1"));
        store.drydock(words.toArray(String[]::new)).run().ok();
        Path context = store.directory("context");
        Command.of("sh", "-eu", resource("context.sh").toString())
                .in(context)
                .run()
                .ok();
        return new SameImage(store, base, context);
    }

    /** busybox, the files that a runtime mounts over, a third user; every time is the same. */
    private static Path makeBase(Store store) throws IOException, InterruptedException {
        Path root = store.directory("base");
        BusyboxRoot.make(root, store.directory("bases").resolve("busybox.tar"));
        Path tar = store.directory("bases").resolve("base.tar");
        Command.of("sh", "-eu", resource("base.sh").toString(), tar.toString())
                .in(root)
                .run()
                .ok();
        return tar;
    }

    Store store() {
        return store;
    }

    /** The base as a root file system in a tar. */
    Path base() {
        return base;
    }

    Path context() {
        return context;
    }

    /** Builds a case with Drydock. */
    SavedImage build(Case wanted) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("build", "-q", "-f", wanted.dockerfile().toString(), "-t", "same:1"));
        words.addAll(wanted.flags());
        words.add(".");
        store.drydock(words.toArray(String[]::new)).in(context).run().ok();
        Path archive = store.directory("saved").resolve("ours.tar");
        store.drydock("save", "-o", archive.toString(), "same:1").run().ok();
        return SavedImage.read(archive);
    }

    @Override
    public void close() throws Exception {
        store.close();
    }
}
