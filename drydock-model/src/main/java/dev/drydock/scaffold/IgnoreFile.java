package dev.drydock.scaffold;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The {@code .dockerignore} file: what no build needs, whatever the language. */
final class IgnoreFile {
    private static final List<String> COMMON = List.of(
            "**/.DS_Store",
            "**/.dockerignore",
            "**/.editorconfig",
            "**/.env",
            "**/.env.*",
            "**/.git",
            "**/.gitattributes",
            "**/.github",
            "**/.gitignore",
            "**/.gitlab-ci.yml",
            "**/.idea",
            "**/.project",
            "**/.settings",
            "**/.vs",
            "**/.vscode",
            "**/*.swp",
            "**/Dockerfile*",
            "**/compose.y*ml",
            "**/docker-compose*",
            "**/node_modules",
            "**/secrets.dev.yaml",
            "**/values.dev.yaml",
            "/db",
            "LICENSE*",
            "README*.md");

    private IgnoreFile() {}

    /**
     * @param ofLanguage patterns that the language adds
     * @param needed first names of paths that the build reads: no pattern of ours may hide them
     */
    static String of(Collection<String> ofLanguage, Set<String> needed) {
        var patterns = new TreeSet<String>(ofLanguage);
        patterns.addAll(COMMON);
        patterns.removeIf(pattern -> needed.contains(bare(pattern)));
        if (needed.stream().anyMatch(name -> name.startsWith("README"))) {
            patterns.remove("README*.md");
        }
        if (needed.stream().anyMatch(name -> name.startsWith("LICENSE"))) {
            patterns.remove("LICENSE*");
        }
        var text = new StringBuilder("""
                # Files that the build does not get to see: what it does not need, what would make it run again for nothing,
                # and what must not get into an image. Patterns: https://docs.docker.com/go/build-context-dockerignore/

                """);
        patterns.forEach(pattern -> text.append(pattern).append('\n'));
        return text.toString();
    }

    private static String bare(String pattern) {
        return pattern.startsWith("/")
                ? pattern.substring(1)
                : pattern.startsWith("**/") ? pattern.substring(3) : pattern;
    }
}
