package dev.drydock.engine;

import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import dev.drydock.ops.GitRunner;
import dev.drydock.ops.HttpRunner;
import java.util.Optional;

/** What one build's sources were. */
record KnownSources(GitRunner git, HttpRunner http, RemoteBases bases, OpenContexts contexts)
        implements ProvenanceCapture.Pins {
    @Override
    public Optional<String> commit(Op.Git op) {
        return git.commit(op);
    }

    @Override
    public Optional<Digest> download(Op.Http op) {
        return http.digest(op);
    }

    @Override
    public Digest image(Digest manifest) {
        return bases.source(manifest);
    }

    @Override
    public Optional<Provenance.Material> context() {
        return contexts.fetchedFrom();
    }
}
