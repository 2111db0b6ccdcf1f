package dev.drydock.runtime;

import dev.drydock.snapshot.LayeredTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where mounts of a step go once the links of its root are followed, as a runtime does for itself. */
final class ChrootTargets {
    private ChrootTargets() {}

    /** The same process with targets and a directory that lead through no link of its layers. */
    static ProcessSpec resolve(ProcessSpec process) {
        List<String> topFirst =
                process.lowers().reversed().stream().map(Path::toString).toList();
        try (LayeredTree tree = LayeredTree.ofDirectories(topFirst)) {
            List<ProcessSpec.Bind> binds = new ArrayList<>();
            for (ProcessSpec.Bind bind : process.binds()) {
                String dest = tree.resolve(bind.dest());
                binds.add(
                        switch (bind) {
                            case ProcessSpec.Bind.HostPath path ->
                                new ProcessSpec.Bind.HostPath(dest, path.source(), path.readOnly());
                            case ProcessSpec.Bind.Tree each ->
                                new ProcessSpec.Bind.Tree(dest, each.lowers(), each.selector(), each.scratch());
                            case ProcessSpec.Bind.InMemory file ->
                                new ProcessSpec.Bind.InMemory(
                                        dest, file.content(), file.uid(), file.gid(), file.mode());
                            case ProcessSpec.Bind.Tmpfs tmpfs -> new ProcessSpec.Bind.Tmpfs(dest, tmpfs.size());
                        });
            }
            return process.at(binds, tree.resolve(process.cwd()));
        }
    }
}
