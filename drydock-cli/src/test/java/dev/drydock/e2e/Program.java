package dev.drydock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program of this host's, put into a tree with the libraries that it needs. */
final class Program {
    private Program() {}

    /** {@code as} is where it goes in the tree, without a slash at the beginning. */
    static void copy(Path program, Path tree, String as) throws IOException, InterruptedException {
        Path real = program.toRealPath();
        for (String line : Command.of("ldd", real.toString()).run().ok().lines()) {
            String[] words = line.strip().split("\\s+");
            String library = words.length > 2 ? words[2] : words[0];
            if (library.startsWith("/")) {
                copy(Path.of(library), tree.resolve(library.substring(1)));
            }
        }
        copy(real, tree.resolve(as));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolveSibling(""));
        Files.copy(from.toRealPath(), to);
    }
}
