package dev.drydock.scaffold;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Debian packages that well-known crates need: to be compiled, or to run. */
record SystemPackages(Set<String> crates, Set<String> build, Set<String> run) {
    private record Need(String crate, List<String> build, List<String> run) {}

    private static final List<Need> NEEDS = List.of(
            new Need("openssl-sys", List.of("libssl-dev", "pkg-config"), List.of("libssl3", "ca-certificates")),
            new Need("openssl-src", List.of("make", "perl"), List.of()),
            new Need("pq-sys", List.of("libpq-dev"), List.of("libpq5")),
            new Need("mysqlclient-sys", List.of("libmariadb-dev", "pkg-config"), List.of("libmariadb3")),
            new Need("clang-sys", List.of("clang", "libclang-dev"), List.of()),
            new Need("cmake", List.of("cmake", "make", "g++"), List.of()),
            new Need("prost-build", List.of("protobuf-compiler"), List.of()),
            new Need("rustls-native-certs", List.of(), List.of("ca-certificates")),
            new Need("rustls-platform-verifier", List.of(), List.of("ca-certificates")));

    static SystemPackages of(Set<String> lockedCrates) {
        var crates = new TreeSet<String>();
        var build = new TreeSet<String>();
        var run = new TreeSet<String>();
        for (Need need : NEEDS) {
            if (lockedCrates.contains(need.crate())) {
                crates.add(need.crate());
                build.addAll(need.build());
                run.addAll(need.run());
            }
        }
        return new SystemPackages(crates, build, run);
    }
}
