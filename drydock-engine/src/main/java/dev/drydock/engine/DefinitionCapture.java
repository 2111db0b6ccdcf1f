package dev.drydock.engine;

import dev.drydock.fault.SourceRange;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.frontend.Frontend;
import dev.drydock.graph.Edge;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The steps of a build as its provenance tells them. */
final class DefinitionCapture {
    private static final String LAYOUTS = "oci-layout.local";

    private final BuildPlan plan;
    private final UnaryOperator<Digest> images;
    private final Map<Digest, List<Descriptor>> layers = new LinkedHashMap<>();

    private DefinitionCapture(BuildPlan plan, UnaryOperator<Digest> images) {
        this.plan = plan;
        this.images = images;
    }

    /**
     * The definition of a plan.
     *
     * @param images what a registry calls the image whose manifest for the platform that is
     * @param layers of the image that was made of it; empty if none was
     */
    static Provenance.Definition of(
            BuildPlan plan, Frontend.Definition file, List<Descriptor> layers, UnaryOperator<Digest> images) {
        return new DefinitionCapture(plan, images).capture(file, layers);
    }

    private Provenance.Definition capture(Frontend.Definition file, List<Descriptor> image) {
        List<Vertex> steps = new ArrayList<>();
        Map<Digest, SourceRange> places = new LinkedHashMap<>();
        for (Vertex vertex : needed()) {
            steps.add(new Vertex(vertex.digest(), told(vertex.op()), vertex.inputs()));
            BuildPlan.Step step = plan.steps().get(vertex.digest());
            if (step != null && step.range() != null) {
                places.put(vertex.digest(), step.range());
            }
        }
        layers(image);
        return new Provenance.Definition(steps, file.fileName(), file.text(), places, layers);
    }

    /** The steps that the result needs, inputs first. */
    private List<Vertex> needed() {
        Edge target = plan.target();
        Set<Digest> needed = new HashSet<>();
        List<Vertex> found = new ArrayList<>();
        if (target != null) {
            needed.add(target.vertex());
        }
        for (Vertex vertex : plan.graph().vertices().reversed()) {
            if (needed.contains(vertex.digest())) {
                found.add(vertex);
                vertex.inputs().forEach(input -> needed.add(input.vertex()));
            }
        }
        return found.reversed();
    }

    /** The op without what only its owner may read, and with what it was found to mean. */
    private Op told(Op op) {
        return switch (op) {
            case Op.Image image -> pinned(image);
            case Op.Local _, Op.Git _, Op.Http _, Op.OciLayout _, Op.Exec _, Op.Files _, Op.Merge _, Op.Diff _ ->
                ToldOp.of(op);
        };
    }

    private Op pinned(Op.Image image) {
        ImageRef name = ImageRef.parse(image.reference());
        if (name.domain().equals(LAYOUTS)) {
            return new Op.OciLayout(name.path(), images.apply(image.manifest()), image.platform());
        }
        Digest digest = name.digestIfAny().orElseGet(() -> images.apply(image.manifest()));
        return new Op.Image(
                new ImageRef(name.domain(), name.path(), name.tag(), digest).toString(),
                image.manifest(),
                image.platform());
    }

    /**
     * Says which layers a step's result has. Each step of the result's own chain stands for one layer, from the top down
     * to what the base has; if that does not come out even, nothing is said.
     */
    private void layers(List<Descriptor> image) {
        Edge edge = plan.target();
        int height = image.size();
        while (edge != null && height > 0) {
            Vertex vertex = plan.graph().vertex(edge.vertex());
            layers.putIfAbsent(vertex.digest(), image.subList(0, height));
            Edge below = below(vertex);
            if (vertex.op() instanceof Op.Merge) {
                layers.putIfAbsent(vertex.inputs().getLast().vertex(), List.of(image.get(height - 1)));
            } else if (below == null) {
                int bottom = vertex.op() instanceof Op.Image
                        ? plan.config().diffIds().size()
                        : 1;
                height = height == bottom ? 0 : -1;
            }
            edge = below;
            height -= below == null ? 0 : 1;
        }
        if (edge != null || height != 0) {
            layers.clear();
        }
    }

    /** What a step's tree stands on; null for what stands on nothing. */
    private static @Nullable Edge below(Vertex vertex) {
        int position = switch (vertex.op()) {
            case Op.Exec exec -> exec.mounts().getFirst().input();
            case Op.Files files -> root(files.actions(), vertex.inputs().size());
            case Op.Merge _ -> 0;
            case Op.Image _, Op.Local _, Op.Git _, Op.Http _, Op.OciLayout _, Op.Diff _ -> Op.NO_INPUT;
        };
        return position == Op.NO_INPUT ? null : vertex.inputs().get(position);
    }

    /** The input that the result of these actions is made on. */
    private static int root(List<FileAction> actions, int inputs) {
        int at = actions.getLast().input();
        while (at >= inputs) {
            at = actions.get(at - inputs).input();
        }
        return at;
    }
}
