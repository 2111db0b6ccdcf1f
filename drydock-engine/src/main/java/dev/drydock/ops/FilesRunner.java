package dev.drydock.ops;

import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.solver.InputRule;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import dev.drydock.source.ContentManifests;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs file actions: COPY, ADD of local files, WORKDIR, heredoc files. Changed trees are named by their keys, trees that
 * are only copied from by the content of what is copied. Nothing is mounted; files are written into a layer directory.
 */
public final class FilesRunner implements OpRunner<Op.Files, FileTree> {
    private final LayerMaker layers;
    private final ContentManifests manifests;
    private final InstantSource clock;

    public FilesRunner(LayerMaker layers, ContentManifests manifests, InstantSource clock) {
        this.layers = layers;
        this.manifests = manifests;
        this.clock = clock;
    }

    @Override
    public KeyRecipe recipe(Op.Files op, StepContext step) {
        int inputs = inputs(op);
        Map<Integer, List<Selection>> selections = new TreeMap<>();
        List<Integer> roots = new ArrayList<>();
        for (FileAction action : op.actions()) {
            roots.add(action.input());
            if (action instanceof FileAction.Copy copy && copy.secondaryInput() < inputs) {
                selections
                        .computeIfAbsent(copy.secondaryInput(), _ -> new ArrayList<>())
                        .add(selection(copy));
            }
        }
        List<InputRule> rules = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            List<Selection> selected = selections.get(i);
            rules.add(selected == null || roots.contains(i) ? new InputRule.ByKey() : Selection.rule(selected));
        }
        return new KeyRecipe(Vertex.of(op, List.of()).digest(), rules, parts(op));
    }

    /**
     * How many inputs the vertex has at least: an action may refer to inputs and to earlier actions only, so what it refers
     * to tells where the actions' positions start.
     */
    private static int inputs(Op.Files op) {
        int inputs = 0;
        for (int i = 0; i < op.actions().size(); i++) {
            FileAction action = op.actions().get(i);
            inputs = Math.max(inputs, action.input() - i + 1);
            if (action instanceof FileAction.Copy copy) {
                inputs = Math.max(inputs, copy.secondaryInput() - i + 1);
            }
        }
        return inputs;
    }

    /** What a copy looks at. */
    static Selection selection(FileAction.Copy copy) {
        return new Selection(
                copy.source(),
                copy.allowWildcard(),
                copy.followSymlink(),
                copy.includePatterns(),
                copy.excludePatterns(),
                copy.requiredPaths());
    }

    /** The op's facts as a person would name them. */
    private static Map<String, String> parts(Op.Files op) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (FileAction action : op.actions()) {
            switch (action) {
                case FileAction.Copy copy -> {
                    add(parts, "source", copy.source());
                    add(parts, "destination", copy.dest());
                    add(parts, "--chown", copy.owner());
                    add(parts, "--chmod", copy.mode());
                    copy.excludePatterns().forEach(pattern -> add(parts, "--exclude", pattern));
                    copy.includePatterns().forEach(pattern -> add(parts, "--parents path", pattern));
                }
                case FileAction.MakeFile file ->
                    add(parts, "text of " + file.path(), Digest.of(file.data().bytes()));
                case FileAction.MakeDirectory directory -> {
                    add(parts, "directory", directory.path());
                    add(parts, "owner", directory.owner());
                }
                case FileAction.Remove remove -> add(parts, "removed path", remove.path());
                case FileAction.Symlink link -> add(parts, "link " + link.path(), link.target());
            }
        }
        return parts;
    }

    private static void add(Map<String, String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.merge(name, shown(value), (before, more) -> before + " " + more);
        }
    }

    private static String shown(Object value) {
        return switch (value) {
            case FileAction.Owner(FileAction.Id user, FileAction.Id group) ->
                group == null ? shown(user) : shown(user) + ":" + shown(group);
            case FileAction.Id.Number(int number) -> Integer.toUnsignedString(number);
            case FileAction.Id.Name(String name, int _) -> name;
            case FileAction.Mode.Octal(int bits) -> Integer.toOctalString(bits);
            case FileAction.Mode.Symbolic(String text) -> text;
            default -> value.toString();
        };
    }

    @Override
    public Digest contentDigest(Op.Files op, FileTree input, List<Object> selections) throws InterruptedException {
        List<Selection> wanted = new ArrayList<>();
        for (Object each : selections) {
            wanted.add((Selection) each);
        }
        try (InputTree tree = InputTree.of(input)) {
            Digest step = Vertex.of(op, List.of()).digest();
            ContentDigester.Content content = ContentDigester.digest(tree, wanted, step);
            content.keep(manifests, input);
            return content.digest();
        }
    }

    @Override
    public List<FileTree> run(Op.Files op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        Instant now = clock.instant();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        try (FileActions actions =
                new FileActions(inputs, layers, Vertex.of(op, List.of()).digest(), nanos)) {
            return actions.run(op.actions());
        }
    }
}
