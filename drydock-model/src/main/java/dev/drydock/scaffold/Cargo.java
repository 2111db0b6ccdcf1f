package dev.drydock.scaffold;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a Cargo project: the manifest at its root, those of its workspace's members and the names in the lock file. */
final class Cargo {
    private static final String MANIFEST = "Cargo.toml";

    private final ProjectView project;
    private final Map<String, TomlTable> manifests = new LinkedHashMap<>();

    private Cargo(ProjectView project) {
        this.project = project;
    }

    /** A program that the project builds. */
    record Binary(String crate, String name, String source) {}

    /** A package of the project: its directory, empty for the root, and its manifest. */
    private record Crate(String directory, String name, TomlTable manifest) {}

    static CargoProject read(ProjectView project) {
        return new Cargo(project).read();
    }

    private CargoProject read() {
        TomlTable root = manifest(MANIFEST);
        boolean workspace = root.has("workspace");
        var crates = new ArrayList<Crate>();
        if (root.has("package")) {
            crates.add(crate("", root));
        }
        if (workspace) {
            members(root).forEach(directory -> crates.add(crate(directory, manifest(directory + "/" + MANIFEST))));
        }
        if (crates.isEmpty()) {
            throw new UserFault("read " + MANIFEST
                            + ": it has neither a [package] with a name nor a [workspace] with members")
                    .at(SourceRange.lines(MANIFEST, 1, 1))
                    .hint("Run drydock init in the directory of the application's Cargo.toml.");
        }
        var binaries = new ArrayList<Binary>();
        var dependencies = new TreeSet<String>();
        for (Crate crate : crates) {
            binaries.addAll(binaries(crate));
            dependencies.addAll(crate.manifest().table("dependencies").entries().keySet());
        }
        Crate first = crates.getFirst();
        return new CargoProject(
                first.name(),
                workspace,
                List.copyOf(binaries),
                defaultBinary(first, binaries),
                minimumRust(root, crates),
                dependencies,
                lockedPackages(),
                project.has("Cargo.lock"),
                pathDependencies(crates));
    }

    private TomlTable manifest(String path) {
        return manifests.computeIfAbsent(
                path,
                file -> Toml.read(
                        file,
                        project.text(file)
                                .orElseThrow(() -> new UserFault(
                                        "read " + file + ": the file is missing, too large or not readable"))));
    }

    private Crate crate(String directory, TomlTable manifest) {
        String file = directory.isEmpty() ? MANIFEST : directory + "/" + MANIFEST;
        String name = manifest.text("package", "name")
                .orElseThrow(() ->
                        new UserFault("read " + file + ": [package] has no name").at(SourceRange.lines(file, 1, 1)));
        return new Crate(directory, name, manifest);
    }

    /** Directories of the workspace's members, sorted, without those it excludes. */
    private Set<String> members(TomlTable root) {
        List<String> wanted = root.texts("workspace", "members");
        List<String> excluded = root.texts("workspace", "exclude");
        var found = new TreeSet<String>();
        for (String file : project.texts().keySet()) {
            if (file.endsWith("/" + MANIFEST)) {
                String directory = file.substring(0, file.length() - MANIFEST.length() - 1);
                if (wanted.stream().anyMatch(pattern -> matches(pattern, directory))
                        && excluded.stream().noneMatch(pattern -> matches(pattern, directory))) {
                    found.add(directory);
                }
            }
        }
        return found;
    }

    /** Whether a member pattern, in which a star stands for a part of one name, means the directory. */
    private static boolean matches(String pattern, String directory) {
        String clean = pattern.startsWith("./") ? pattern.substring(2) : pattern;
        String[] parts = clean.split("/");
        String[] names = directory.split("/");
        if (parts.length != names.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!matchesName(parts[i], names[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean matchesName(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(name);
        }
        String head = pattern.substring(0, star);
        String rest = pattern.substring(star + 1);
        if (!name.startsWith(head)) {
            return false;
        }
        for (int from = head.length(); from <= name.length(); from++) {
            if (matchesName(rest, name.substring(from))) {
                return true;
            }
        }
        return false;
    }

    /** The programs of a package: those its manifest lists, then those that Cargo finds by their place. */
    private List<Binary> binaries(Crate crate) {
        var byName = new LinkedHashMap<String, Binary>();
        var claimed = new LinkedHashSet<String>();
        for (TomlTable bin : crate.manifest().tables("bin")) {
            String name = bin.text("name").orElse(crate.name());
            String source =
                    bin.text("path").orElse(name.equals(crate.name()) ? "src/main.rs" : "src/bin/" + name + ".rs");
            claimed.add(source);
            byName.put(name, new Binary(crate.name(), name, inProject(crate, source)));
        }
        if (!crate.manifest().is(false, "package", "autobins")) {
            for (String file : project.under(crate.directory())) {
                String name = binaryName(crate, file);
                if (name != null && !claimed.contains(file)) {
                    byName.putIfAbsent(name, new Binary(crate.name(), name, inProject(crate, file)));
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private static String inProject(Crate crate, String file) {
        return crate.directory().isEmpty() ? file : crate.directory() + "/" + file;
    }

    private static @Nullable String binaryName(Crate crate, String file) {
        if (file.equals("src/main.rs")) {
            return crate.name();
        }
        if (!file.startsWith("src/bin/")) {
            return null;
        }
        String rest = file.substring("src/bin/".length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            return rest.endsWith(".rs") ? rest.substring(0, rest.length() - 3) : null;
        }
        return rest.substring(slash).equals("/main.rs") ? rest.substring(0, slash) : null;
    }

    private static Optional<Binary> defaultBinary(Crate first, List<Binary> binaries) {
        String chosen = first.manifest().text("package", "default-run").orElse(first.name());
        return binaries.stream()
                .filter(binary -> binary.name().equals(chosen))
                .findFirst()
                .or(() -> binaries.stream().min(Comparator.comparing(Binary::name)));
    }

    private static Optional<String> minimumRust(TomlTable root, List<Crate> crates) {
        for (Crate crate : crates) {
            Optional<String> own = crate.manifest().text("package", "rust-version");
            if (own.isPresent()) {
                return own;
            }
        }
        return root.text("workspace", "package", "rust-version");
    }

    /** Names of all packages that the lock file holds; read by lines, because lock files are long and regular. */
    private Set<String> lockedPackages() {
        var names = new TreeSet<String>();
        project.text("Cargo.lock")
                .ifPresent(text -> text.lines()
                        .filter(line -> line.startsWith("name = \"") && line.endsWith("\""))
                        .forEach(line -> names.add(line.substring("name = \"".length(), line.length() - 1))));
        return names;
    }

    /** Paths of the dependencies that are directories, relative to the project where they lie in it. */
    private static Set<String> pathDependencies(List<Crate> crates) {
        var paths = new TreeSet<String>();
        for (Crate crate : crates) {
            for (String kind : List.of("dependencies", "build-dependencies", "dev-dependencies")) {
                crate.manifest().table(kind).entries().forEach((_, value) -> {
                    if (value instanceof TomlTable table) {
                        table.text("path").ifPresent(path -> paths.add(resolve(crate.directory(), path)));
                    }
                });
            }
        }
        return paths;
    }

    /** A path as seen from the project; it starts with two dots if it leaves the project. */
    private static String resolve(String directory, String path) {
        if (path.startsWith("/")) {
            return ".." + path;
        }
        var parts = new ArrayList<String>();
        for (String part : (directory + "/" + path).split("/")) {
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
