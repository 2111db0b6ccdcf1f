package dev.drydock.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import org.jspecify.annotations.Nullable;

/**
 * Lists a whole tree with all attributes, several directories at a time: each is listed and its entries are asked for
 * relative to its descriptor, which is twice as quick as find(1).
 */
public final class TreeWalk {
    /** Decides about each entry; called from several threads at once, for a directory before anything in it. */
    public interface Filter {
        Choice choose(String path, FileStat stat);
    }

    /** What to do with an entry. */
    public enum Choice {
        /** List it, and what is in it. */
        KEEP,
        /** List neither it nor what is in it. */
        SKIP,
        /** Do not list it, but ask about what is in it. */
        DESCEND
    }

    private final Directory root;
    private final Filter filter;

    private TreeWalk(Directory root, Filter filter) {
        this.root = root;
        this.filter = filter;
    }

    /** Everything below {@code root}, in the order of {@link PathBytes#compare}; {@code root} itself is not in it. */
    public static List<TreeEntry> list(Directory root) throws InterruptedException {
        return list(root, (path, stat) -> Choice.KEEP);
    }

    /** What the filter keeps of everything below {@code root}, in the order of {@link PathBytes#compare}. */
    public static List<TreeEntry> list(Directory root, Filter filter) throws InterruptedException {
        TreeWalk walk = new TreeWalk(root, filter);
        List<TreeEntry> entries = new ArrayList<>();
        int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
        try (ForkJoinPool pool = new ForkJoinPool(workers)) {
            try {
                pool.submit(walk.new Visit("")).get().addTo(entries);
            } catch (InterruptedException e) {
                pool.shutdownNow();
                throw e;
            } catch (java.util.concurrent.ExecutionException e) {
                throw rethrown(e);
            }
        }
        return entries;
    }

    private static RuntimeException rethrown(java.util.concurrent.ExecutionException e) {
        Throwable cause = e.getCause();
        while (cause instanceof RuntimeException wrapper
                && wrapper.getCause() instanceof RuntimeException inner
                && inner.getClass() == wrapper.getClass()) {
            cause = inner;
        }
        if (cause instanceof RuntimeException failure) {
            return failure;
        }
        throw new AssertionError(cause);
    }

    /** A listed directory: its entries in order, and below each entry that is a directory what that holds. */
    private record Listing(List<TreeEntry> entries, List<@Nullable Listing> below, List<Boolean> kept) {
        void addTo(List<TreeEntry> all) {
            for (int i = 0; i < entries.size(); i++) {
                if (kept.get(i)) {
                    all.add(entries.get(i));
                }
                Listing inner = below.get(i);
                if (inner != null) {
                    inner.addTo(all);
                }
            }
        }
    }

    private final class Visit extends RecursiveTask<Listing> {
        private final String path;

        Visit(String path) {
            this.path = path;
        }

        @Override
        protected Listing compute() {
            List<TreeEntry> entries = new ArrayList<>();
            List<Boolean> kept = new ArrayList<>();
            List<@Nullable Visit> visits = new ArrayList<>();
            try (Directory directory = path.isEmpty() ? root.again() : root.openDirectory(path)) {
                List<String> names = directory.names();
                names.sort(PathBytes::compare);
                String prefix = path.isEmpty() ? "" : path + "/";
                for (String name : names) {
                    FileStat stat = directory.stat(name);
                    String full = prefix + name;
                    Choice choice = filter.choose(full, stat);
                    if (choice != Choice.SKIP) {
                        entries.add(new TreeEntry(full, stat));
                        kept.add(choice == Choice.KEEP);
                        visits.add(stat.isDirectory() ? new Visit(full) : null);
                    }
                }
            }
            return new Listing(entries, joined(visits), kept);
        }

        private static List<@Nullable Listing> joined(List<@Nullable Visit> visits) {
            for (Visit visit : visits) {
                if (visit != null) {
                    visit.fork();
                }
            }
            List<@Nullable Listing> below = new ArrayList<>(visits.size());
            for (Visit visit : visits) {
                below.add(visit == null ? null : visit.join());
            }
            return below;
        }
    }
}
