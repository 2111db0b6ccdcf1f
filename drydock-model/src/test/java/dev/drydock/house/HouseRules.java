package dev.drydock.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The package table of docs/ARCHITECTURE.md over a module's class files: an import that is not in the table fails with
 * both class names. A package is named by what follows {@code dev.drydock.}.
 */
public final class HouseRules {
    private static final String ROOT = "dev.drydock.";
    private static final List<String> FORBIDDEN =
            List.of("util", "utils", "common", "helper", "misc", "impl", "manager");
    private static final int MOST_LINES = 600;

    private final JavaClasses classes;
    private final Map<String, Set<String>> table;

    /** The rules for the classes of the module that the calling test stands in. */
    public HouseRules(Map<String, Set<String>> table) {
        this.classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
        this.table = new TreeMap<>(table);
        assertThat(classes).as("classes under target/classes").isNotEmpty();
    }

    /** Every edge between two of our packages is in the table, and every package has a row. */
    public void packagesImportOnlyWhatTheTableNames() {
        Set<String> offences = new TreeSet<>();
        for (JavaClass from : classes) {
            String row = shortName(from);
            if (row.isEmpty()) {
                continue; // module-info
            }
            Set<String> allowed = table.get(row);
            if (allowed == null) {
                offences.add("package " + row + " has no row in the table");
                continue;
            }
            for (Dependency edge : from.getDirectDependenciesFromSelf()) {
                JavaClass to = edge.getTargetClass().getBaseComponentType();
                String target = shortName(to);
                if (target.isEmpty() || target.equals(row) || allowed.contains(target)) {
                    continue;
                }
                offences.add(row + " may not import " + target + ": " + from.getName() + " uses " + to.getName());
            }
        }
        assertThat(offences).isEmpty();
    }

    /** Packages outside our root are only those that {@code allowed} names for the package, beside the JDK's. */
    public void librariesStayWhereTheyBelong(Map<String, Set<String>> allowed) {
        Set<String> offences = new TreeSet<>();
        for (JavaClass from : classes) {
            for (Dependency edge : from.getDirectDependenciesFromSelf()) {
                JavaClass to = edge.getTargetClass().getBaseComponentType();
                String name = to.getPackageName();
                boolean ours = name.startsWith(ROOT) || name.isEmpty();
                boolean jdk = name.startsWith("java.")
                        || name.startsWith("javax.net.ssl")
                        || name.startsWith("sun.misc")
                        || name.startsWith("org.jspecify.");
                boolean listed = allowed.getOrDefault(shortName(from), Set.of()).stream()
                        .anyMatch(prefix -> name.startsWith(prefix));
                if (!ours && !jdk && !listed) {
                    offences.add(from.getName() + " uses " + to.getName());
                }
            }
        }
        assertThat(offences).isEmpty();
    }

    /** Names say something, every package is null-marked, and no source file is a god's. */
    public void namesNullnessAndSizes() throws IOException {
        Set<String> offences = new TreeSet<>();
        for (JavaClass type : classes) {
            for (String word : shortName(type).split("\\.")) {
                if (FORBIDDEN.contains(word)) {
                    offences.add("package " + type.getPackageName() + " has a name that says nothing");
                }
            }
            if (!type.getPackageName().isEmpty() && !type.getPackage().isAnnotatedWith(NullMarked.class)) {
                offences.add("package " + type.getPackageName() + " is not @NullMarked");
            }
        }
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    long count = lines.count();
                    if (count > MOST_LINES) {
                        offences.add(file + " has " + count + " lines, more than " + MOST_LINES);
                    }
                }
            }
        }
        assertThat(offences).isEmpty();
    }

    private static String shortName(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
    }
}
