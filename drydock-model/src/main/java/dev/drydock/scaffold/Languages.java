package dev.drydock.scaffold;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The languages that {@code init} offers, in the order of the menu. */
public final class Languages {
    private static final List<Language> ALL = List.of(new Rust(), new Other());

    private Languages() {}

    /** All of them. */
    public static List<Language> all() {
        return ALL;
    }

    /** The first language that recognises the project. */
    public static Optional<Language> detect(ProjectView project) {
        return ALL.stream().filter(language -> language.detects(project)).findFirst();
    }

    /** The language with this id. */
    public static Optional<Language> named(String id) {
        return ALL.stream().filter(language -> language.id().equals(id)).findFirst();
    }

    /** Names of files whose contents some language wants to see. */
    public static Set<String> reads() {
        var names = new TreeSet<String>();
        ALL.forEach(language -> names.addAll(language.reads()));
        return names;
    }
}
