package dev.drydock.scaffold;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The Dockerfile of a Rust server: compiled in one stage, run from another one that holds nothing else. */
final class RustDockerfile {
    /** What a program may be compiled from, beside its sources, the manifest and the lock file. */
    private static final List<String> COMPILED_FROM =
            List.of(".cargo", ".sqlx", "assets", "locales", "migrations", "proto", "public", "static", "templates");
    /** What a server commonly reads while it runs. */
    private static final List<String> READ_AT_RUN_TIME = List.of("assets", "public", "static", "templates");

    private final ProjectView project;
    private final CargoProject cargo;
    private final Cargo.Binary program;
    private final RustSources sources;
    private final String version;
    private final String port;
    private final SystemPackages packages;

    RustDockerfile(
            ProjectView project,
            CargoProject cargo,
            Cargo.Binary program,
            RustSources sources,
            String version,
            String port) {
        this.project = project;
        this.cargo = cargo;
        this.program = program;
        this.sources = sources;
        this.version = version;
        this.port = port;
        this.packages = SystemPackages.of(cargo.locked());
    }

    String text() {
        return header() + buildStage() + finalStage();
    }

    /** Whether the environment makes the server listen on every address. */
    boolean setsAddress() {
        return cargo.dependencies().contains("rocket");
    }

    /** Patterns of {@code .dockerignore} that only Rust projects have. */
    List<String> ignored() {
        return List.of(
                "/target",
                "**/*.rs.bk",
                "**/*.pdb",
                "/rust-toolchain",
                "/rust-toolchain.toml",
                "/rustfmt.toml",
                "/clippy.toml");
    }

    /** First names of the paths that the build reads from the context. */
    Set<String> neededFromRoot() {
        var needed = new TreeSet<String>(compiledFrom());
        needed.addAll(readAtRunTime());
        return needed;
    }

    private String header() {
        return """
                # syntax=docker/dockerfile:1

                # Written by drydock init. The comments say what each part is for; change what does not fit your application.
                # Reference: https://docs.docker.com/go/dockerfile-reference/

                ARG RUST_VERSION={{version}}
                ARG APP_NAME={{name}}

                """.replace("{{version}}", version).replace("{{name}}", program.name());
    }

    private String buildStage() {
        return """
                ################################################################################
                # The stage that compiles the application. Nothing of it but the program gets into the image.

                FROM rust:${RUST_VERSION}-slim-bookworm AS build
                ARG APP_NAME
                ARG TARGETPLATFORM
                WORKDIR /app

                """
                + systemPackages(
                        "# What these crates need to be compiled: " + String.join(", ", packages.crates()) + ".",
                        packages.build())
                + compileStep();
    }

    private String compileStep() {
        return cargo.needsWholeContext() ? compileFromContext() : compileFromParts();
    }

    private String compileFromParts() {
        var mounts = new StringBuilder();
        for (String path : compiledFrom()) {
            mounts.append("--mount=type=bind,source=")
                    .append(path)
                    .append(",target=")
                    .append(path)
                    .append(" \\\n    ");
        }
        return """
                # Compile. The sources are mounted for this step alone instead of copied, so they are in no layer. The caches keep
                # downloaded crates and compiled dependencies from one build to the next: only what changed is compiled again.
                # The cache of target/ lasts as long as the step, so the program is copied out of it.
                RUN {{mounts}}--mount=type=cache,id=${APP_NAME}-target-${TARGETPLATFORM},target=/app/target/ \\
                    --mount=type=cache,target=/usr/local/cargo/git/db \\
                    --mount=type=cache,target=/usr/local/cargo/registry/ \\
                    cargo build {{locked}}--release --bin "$APP_NAME" && \\
                    cp "./target/release/$APP_NAME" /bin/server

                """.replace("{{mounts}}", mounts).replace("{{locked}}", locked());
    }

    private String compileFromContext() {
        return """
                # Compile. The whole project is mounted for this step alone instead of copied, because its crates depend on each other;
                # no source is in any layer. The caches keep downloaded crates and compiled dependencies from one build to the next:
                # only what changed is compiled again. They last as long as the step, so the program is copied out of them.
                RUN --mount=type=bind,target=.{{writable}} \\
                    --mount=type=cache,id=${APP_NAME}-target-${TARGETPLATFORM},target=/var/cache/target \\
                    --mount=type=cache,target=/usr/local/cargo/git/db \\
                    --mount=type=cache,target=/usr/local/cargo/registry/ \\
                    cargo build {{locked}}--release --target-dir /var/cache/target --package {{crate}} --bin "$APP_NAME" && \\
                    cp "/var/cache/target/release/$APP_NAME" /bin/server

                """.replace("{{writable}}", cargo.hasLock() ? "" : ",rw")
                .replace("{{locked}}", locked())
                .replace("{{crate}}", program.crate());
    }

    private String locked() {
        return cargo.hasLock() ? "--locked " : "";
    }

    private Set<String> compiledFrom() {
        var paths = new TreeSet<String>();
        paths.add("Cargo.toml");
        if (cargo.hasLock()) {
            paths.add("Cargo.lock");
        }
        if (project.has("build.rs")) {
            paths.add("build.rs");
        }
        paths.add("src");
        cargo.binaries().forEach(binary -> paths.add(first(binary.source())));
        COMPILED_FROM.stream().filter(project::hasDirectory).forEach(paths::add);
        sources.includedFromRoot().stream()
                .filter(name -> project.has(name) || project.hasDirectory(name))
                .forEach(paths::add);
        return paths;
    }

    private static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    private String finalStage() {
        return """
                ################################################################################
                # The stage that becomes the image: a small Debian, a user without rights and the program.

                FROM debian:bookworm-slim AS final

                """
                + systemPackages("# What the program needs to run.", packages.run())
                + """
                # The server runs as a user that owns nothing, has no password, no home and no shell.
                # https://docs.docker.com/go/dockerfile-user-best-practices/
                ARG UID=10001
                RUN useradd \\
                    --uid "${UID}" \\
                    --user-group \\
                    --no-create-home \\
                    --home-dir /nonexistent \\
                    --shell /usr/sbin/nologin \\
                    --no-log-init \\
                    appuser
                USER appuser

                # The program from the build stage.
                COPY --from=build /bin/server /bin/

                """
                + runTimeFiles()
                + environment()
                + """
                # The port that the server listens on.
                EXPOSE {{port}}

                # What the container runs.
                CMD ["/bin/server"]
                """.replace("{{port}}", port);
    }

    private static String systemPackages(String comment, Set<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        return """
                {{comment}}
                RUN apt-get update && \\
                    apt-get install --yes --no-install-recommends {{names}} && \\
                    rm -rf /var/lib/apt/lists/*

                """.replace("{{comment}}", comment).replace("{{names}}", String.join(" ", names));
    }

    private List<String> readAtRunTime() {
        var paths = new ArrayList<String>();
        if (setsAddress() && project.has("Rocket.toml")) {
            paths.add("Rocket.toml");
        }
        READ_AT_RUN_TIME.stream().filter(project::hasDirectory).forEach(paths::add);
        return paths;
    }

    private String runTimeFiles() {
        List<String> paths = readAtRunTime();
        if (paths.isEmpty()) {
            return "";
        }
        var copies = new StringBuilder();
        for (String path : paths) {
            boolean directory = project.hasDirectory(path);
            copies.append("COPY ")
                    .append(path)
                    .append(directory ? "/ " : " ")
                    .append("./")
                    .append(path)
                    .append(directory ? "/\n" : "\n");
        }
        return """
                # Files that the server reads while it runs. Take away what is compiled into it.
                WORKDIR /app
                {{copies}}
                """.replace("{{copies}}", copies);
    }

    private String environment() {
        if (setsAddress()) {
            return """
                    # Rocket listens on the loopback address by default, which nothing outside the container reaches.
                    ENV ROCKET_ADDRESS=0.0.0.0
                    ENV ROCKET_PORT={{port}}

                    """.replace("{{port}}", port);
        }
        if (sources.readsPortVariable()) {
            return """
                    # The server reads its port from here.
                    ENV PORT={{port}}

                    """.replace("{{port}}", port);
        }
        return "";
    }
}
