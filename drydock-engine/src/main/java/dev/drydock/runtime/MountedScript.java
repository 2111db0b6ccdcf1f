package dev.drydock.runtime;

import java.nio.file.Path;
import java.util.List;

/** A script that begins by mounting the root and the trees of its step. */
abstract class MountedScript implements StepScript {
    final MountScript mounts;

    MountedScript(MountScript mounts) {
        this.mounts = mounts;
    }

    @Override
    public String text() {
        return mounts.text().toString();
    }

    @Override
    public Path root() {
        return mounts.root();
    }

    @Override
    public Path started() {
        return mounts.started();
    }

    @Override
    public List<MountScript.Copy> copies() {
        return mounts.copies();
    }

    @Override
    public List<Path> directories() {
        return mounts.directories();
    }
}
