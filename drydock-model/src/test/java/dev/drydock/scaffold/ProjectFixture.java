package dev.drydock.scaffold;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A project in memory. */
final class ProjectFixture {
    private final SortedMap<String, String> files = new TreeMap<>();

    ProjectFixture file(String path, String text) {
        files.put(path, text);
        return this;
    }

    ProjectFixture file(String path) {
        return file(path, "");
    }

    ProjectView view() {
        var texts = new TreeMap<>(files);
        texts.keySet().removeIf(path -> !Languages.reads().contains(path.substring(path.lastIndexOf('/') + 1)));
        return new ProjectView("project", new TreeSet<>(files.keySet()), texts);
    }
}
