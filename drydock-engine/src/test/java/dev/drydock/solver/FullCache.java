package dev.drydock.solver;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.oci.Digest;
import java.util.List;
import java.util.Optional;

/** A cache that has nothing and keeps nothing: there is no space. */
final class FullCache<R> implements ResultCache<R> {
    @Override
    public Optional<Hit<R>> find(Digest key) {
        return Optional.empty();
    }

    @Override
    public void record(Entry entry, List<R> outputs) {
        throw new EnvironmentFault("no space left on device");
    }

    @Override
    public Optional<Entry> nearest(Step step) {
        return Optional.empty();
    }

    @Override
    public List<String> contentChanges(Digest earlier, Digest now) {
        return List.of();
    }
}
