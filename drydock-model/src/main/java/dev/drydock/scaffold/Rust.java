package dev.drydock.scaffold;

import java.util.List;
import java.util.Set;

/** Rust projects that Cargo builds. */
final class Rust implements Language {
    static final Setting VERSION =
            new Setting("rust-version", "VERSION", "Version of Rust that builds the application.");
    static final Setting BINARY = new Setting("bin", "NAME", "Program to run, of a project that builds several.");

    @Override
    public String id() {
        return "rust";
    }

    @Override
    public String title() {
        return "Rust";
    }

    @Override
    public Set<String> reads() {
        return Set.of("Cargo.toml", "Cargo.lock", "main.rs", "Rocket.toml", "rust-toolchain.toml", "rust-toolchain");
    }

    @Override
    public List<Setting> settings() {
        return List.of(VERSION, BINARY, Setting.PORT);
    }

    @Override
    public List<String> versionCommand() {
        return List.of("rustc", "--version");
    }

    @Override
    public boolean detects(ProjectView project) {
        return project.has("Cargo.toml");
    }

    @Override
    public Plan plan(ProjectView project, String installed) {
        return new RustPlan(project, Cargo.read(project), installed);
    }
}
