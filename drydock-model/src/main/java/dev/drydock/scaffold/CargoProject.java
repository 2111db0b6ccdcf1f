package dev.drydock.scaffold;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a Cargo project says of itself.
 *
 * @param name the first package's name
 * @param binaries every program it builds
 * @param main the program that {@code cargo run} would start
 * @param minimumRust the {@code rust-version} it asks for
 * @param dependencies names of direct dependencies
 * @param locked names of all packages in the lock file
 * @param pathDependencies directories it depends on; those outside start with two dots
 */
record CargoProject(
        String name,
        boolean workspace,
        List<Cargo.Binary> binaries,
        Optional<Cargo.Binary> main,
        Optional<String> minimumRust,
        Set<String> dependencies,
        Set<String> locked,
        boolean hasLock,
        Set<String> pathDependencies) {

    /** The program of that name, or the main one, or one named after the package. */
    Cargo.Binary binary(String wanted) {
        return binaries.stream()
                .filter(binary -> binary.name().equals(wanted))
                .findFirst()
                .or(() -> main)
                .orElse(new Cargo.Binary(name, name, "src/main.rs"));
    }

    /** Whether the sources lie in more places than a few known directories, so that the build must see all of them. */
    boolean needsWholeContext() {
        return workspace || !pathDependencies.isEmpty();
    }
}
