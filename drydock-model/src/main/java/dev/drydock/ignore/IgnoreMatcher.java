package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which paths a list of patterns hides. The last pattern that matches a path or one of its parents decides; if
 * it begins with {@code !} the path is kept. Immutable; safe for threads.
 *
 * <p>Paths are relative, separated by slashes, without a slash in front. To walk a tree, start with {@link #root} and ask
 * {@link State#child} for each entry: what the parents' names have decided is not decided again.
 *
 * {@snippet :
 * void walk(IgnoreMatcher.State directory, Path path) {
 *     for (Path entry : entries(path)) {
 *         IgnoreMatcher.State state = directory.child(entry.getFileName().toString());
 *         if (!state.ignored()) visit(entry);
 *         if (isDirectory(entry) && (!state.ignored() || state.mayContainReincluded())) walk(state, entry);
 *     }
 * }
 * }
 */
public final class IgnoreMatcher {
    private final Pattern[] patterns;
    private final State root;

    private IgnoreMatcher(Pattern[] patterns) {
        this.patterns = patterns;
        int[] all = new int[patterns.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        this.root = new State("", 0, -1, all);
    }

    /**
     * Compiles patterns: those of an ignore file, or those of {@code COPY --exclude}. Blank ones are passed over.
     *
     * @throws dev.drydock.fault.UserFault if one is malformed, without a place
     */
    public static IgnoreMatcher of(List<String> patterns) {
        List<Pattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            if (!PathText.trim(pattern).isEmpty()) {
                compiled.add(Pattern.of(pattern));
            }
        }
        return new IgnoreMatcher(compiled.toArray(Pattern[]::new));
    }

    /** Whether nothing is ever ignored. */
    public boolean isEmpty() {
        return patterns.length == 0;
    }

    /** The root of the tree, which no pattern hides. */
    public State root() {
        return root;
    }

    /** Whether the path is hidden. */
    public boolean ignored(String path) {
        return find(path).ignored();
    }

    /** The pattern that hides the path, as it was given; empty if the path is not hidden. */
    public Optional<String> decidedBy(String path) {
        return find(path).decidedBy();
    }

    /** Whether something below the directory may be kept although the directory itself is hidden. */
    public boolean mayContainReincluded(String directory) {
        return find(directory).mayContainReincluded();
    }

    private State find(String path) {
        State state = root;
        int start = 0;
        while (start < path.length()) {
            int end = path.indexOf('/', start);
            end = end < 0 ? path.length() : end;
            if (end > start) {
                state = state.child(path.substring(start, end));
            }
            start = end + 1;
        }
        return state;
    }

    /** What is decided for one entry of a tree. Immutable. */
    public final class State {
        private final String path;
        private final int depth;
        /** The last pattern that matched this entry or one of its parents; -1 for none. */
        private final int decided;
        /** The patterns behind the decided one that may match this entry's children: those of the parent, until asked. */
        private final int[] candidates;

        private volatile int @Nullable [] below;

        private State(String path, int depth, int decided, int[] candidates) {
            this.path = path;
            this.depth = depth;
            this.decided = decided;
            this.candidates = candidates;
        }

        /** The state of an entry of this directory; {@code name} has no slash. */
        public State child(String name) {
            String childPath = path.isEmpty() ? name : path + "/" + name;
            int[] possible = below();
            for (int i = possible.length - 1; i >= 0; i--) {
                if (patterns[possible[i]].matches(childPath, depth)) {
                    return new State(childPath, depth + 1, possible[i], possible);
                }
            }
            return new State(childPath, depth + 1, decided, possible);
        }

        /** Whether the entry is hidden. */
        public boolean ignored() {
            return decided >= 0 && !patterns[decided].negated();
        }

        /** Whether something below this directory may be kept although the directory itself is hidden. */
        public boolean mayContainReincluded() {
            for (int pattern : below()) {
                if (patterns[pattern].negated()) {
                    return true;
                }
            }
            return false;
        }

        /** The pattern that hides the entry, as it was given; empty if the entry is not hidden. */
        public Optional<String> decidedBy() {
            return ignored() ? Optional.of(patterns[decided].text()) : Optional.empty();
        }

        /** Most entries are files, which are never asked; a race computes the same array twice. */
        private int[] below() {
            int[] known = below;
            if (known == null) {
                known = path.isEmpty() ? candidates : filtered();
                below = known;
            }
            return known;
        }

        private int[] filtered() {
            String slash = path + "/";
            int[] kept = new int[candidates.length];
            int size = 0;
            for (int candidate : candidates) {
                if (candidate > decided && patterns[candidate].mayMatchBelow(slash, depth)) {
                    kept[size++] = candidate;
                }
            }
            return Arrays.copyOf(kept, size);
        }
    }
}
