package dev.drydock.scaffold;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code init} has seen of a project's directory. The caller lists files a few levels deep and reads those whose
 * names the languages ask for; nothing after this touches a file.
 *
 * @param name the directory's own name
 * @param files paths of files below the directory, parted by slashes
 * @param texts contents by path, for a part of {@code files}
 */
public record ProjectView(String name, SortedSet<String> files, SortedMap<String, String> texts) {
    public ProjectView {
        files = Collections.unmodifiableSortedSet(new TreeSet<>(files));
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** Whether this file exists. */
    boolean has(String file) {
        return files.contains(file);
    }

    /** Whether a directory exists and holds a file. */
    boolean hasDirectory(String path) {
        SortedSet<String> from = files.tailSet(path + "/");
        return !from.isEmpty() && from.first().startsWith(path + "/");
    }

    Optional<String> text(String file) {
        return Optional.ofNullable(texts.get(file));
    }

    /** The files under a directory, by their paths relative to it; the empty path means the project itself. */
    List<String> under(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return files.tailSet(prefix).stream()
                .takeWhile(file -> file.startsWith(prefix))
                .map(file -> file.substring(prefix.length()))
                .toList();
    }
}
