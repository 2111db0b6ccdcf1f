package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which paths a list of patterns hides, as BuildKit does while it walks a tree. The patterns are gone through in order. One
 * that matches the path, or matched one of its parents, hides it, or keeps it if it begins with {@code !}; but a pattern
 * is not asked where it would change nothing, and what was not asked about a directory did not match it for what is
 * below. So {@code *.log} and then {@code !logs} do not keep {@code logs/x.log}, as nothing had hidden {@code logs}. Immutable;
 * safe for threads.
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
        this.root = new State("", 0, -1, new Candidates(all, new boolean[all.length]));
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

    /** The patterns that matter in a directory, in order, and which of them matched the directory or one of its parents. */
    private static final class Candidates {
        /** Positions among all patterns. */
        private final int[] indices;
        /** For each of them. */
        private final boolean[] matched;

        private Candidates(int[] indices, boolean[] matched) {
            this.indices = indices;
            this.matched = matched;
        }
    }

    /** What is decided for one entry of a tree. Immutable. */
    public final class State {
        private final String path;
        private final int depth;
        /** The last pattern that hid this entry or kept it; -1 for none. */
        private final int decided;
        /** As the parent has them, with what matched this entry too. */
        private final Candidates here;

        private volatile @Nullable Candidates below;

        private State(String path, int depth, int decided, Candidates here) {
            this.path = path;
            this.depth = depth;
            this.decided = decided;
            this.here = here;
        }

        /** The state of an entry of this directory; {@code name} has no slash. */
        public State child(String name) {
            String childPath = path.isEmpty() ? name : path + "/" + name;
            Candidates possible = below();
            boolean[] matched = possible.matched;
            boolean changed = false;
            int last = -1;
            boolean hidden = false;
            for (int i = 0; i < possible.indices.length; i++) {
                Pattern pattern = patterns[possible.indices[i]];
                boolean matches = matched[i];
                if (!matches && pattern.negated() == hidden && pattern.matches(childPath, depth)) {
                    matched = changed ? matched : matched.clone();
                    matched[i] = true;
                    matches = true;
                    changed = true;
                }
                if (matches) {
                    hidden = !pattern.negated();
                    last = possible.indices[i];
                }
            }
            Candidates known = changed ? new Candidates(possible.indices, matched) : possible;
            return new State(childPath, depth + 1, last, known);
        }

        /** Whether the entry is hidden. */
        public boolean ignored() {
            return decided >= 0 && !patterns[decided].negated();
        }

        /** Whether something below this directory may be kept although the directory itself is hidden. */
        public boolean mayContainReincluded() {
            Candidates candidates = below();
            boolean mayHide = false;
            for (int i = 0; i < candidates.indices.length; i++) {
                boolean negated = patterns[candidates.indices[i]].negated();
                if (negated && mayHide && !candidates.matched[i]) {
                    return true;
                }
                mayHide |= !negated;
            }
            return false;
        }

        /** The pattern that hides the entry, as it was given; empty if the entry is not hidden. */
        public Optional<String> decidedBy() {
            return ignored() ? Optional.of(patterns[decided].text()) : Optional.empty();
        }

        /** Most entries are files, which are never asked; a race computes the same twice. */
        private Candidates below() {
            Candidates known = below;
            if (known == null) {
                known = path.isEmpty() ? here : filtered();
                below = known;
            }
            return known;
        }

        private Candidates filtered() {
            String slash = path + "/";
            int[] indices = new int[here.indices.length];
            boolean[] matched = new boolean[here.indices.length];
            int size = 0;
            for (int i = 0; i < here.indices.length; i++) {
                if (here.matched[i] || patterns[here.indices[i]].mayMatchBelow(slash, depth)) {
                    indices[size] = here.indices[i];
                    matched[size++] = here.matched[i];
                }
            }
            return new Candidates(Arrays.copyOf(indices, size), Arrays.copyOf(matched, size));
        }
    }
}
