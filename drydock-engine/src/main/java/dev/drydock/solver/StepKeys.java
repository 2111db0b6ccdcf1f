package dev.drydock.solver;

import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes the keys of a build's steps: of a step's op and, for each input, its identity or what is used of its content. */
final class StepKeys {
    private final BuildGraph graph;
    private final Function<Vertex, StepInfo> steps;
    private final Inputs inputs;

    StepKeys(BuildGraph graph, Function<Vertex, StepInfo> steps, Inputs inputs) {
        this.graph = graph;
        this.steps = steps;
        this.inputs = inputs;
    }

    /** What is known of the vertices that a step stands on. Each question may wait for work, and is answered once. */
    interface Inputs {
        KeyRecipe recipe(Vertex vertex) throws InterruptedException;

        /** What the vertex is called before it has run. */
        Identified identity(Vertex vertex) throws InterruptedException;

        /** What the vertex is called once this build is done with it; may run it. */
        Digest identityOfResult(Vertex vertex) throws InterruptedException;

        /** Digest of what a step uses of the input at a position; runs that input. */
        Digest content(Vertex step, int position, List<Object> selections) throws InterruptedException;

        /** Runs the vertices, at once where they allow it. */
        void run(List<Vertex> vertices) throws InterruptedException;
    }

    /** What keys of later steps are made of; {@code found} when an earlier result stands behind it. */
    record Identified(Digest id, boolean found) {}

    /** Keys in order of preference, with what each input gave, by name. */
    record Keys(List<Digest> all, Map<String, String> parts) {
        Digest best() {
            return all.getFirst();
        }
    }

    /** Keys that need no step to run: by the content of inputs that are at hand, and by definition. */
    Keys cheap(Vertex vertex, KeyRecipe recipe) throws InterruptedException {
        List<Digest> all = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        boolean byDefinition = true;
        boolean contentKnown = false;
        List<Fact> definition = new ArrayList<>();
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Edge edge = vertex.inputs().get(i);
            Vertex input = graph.vertex(edge.vertex());
            switch (recipe.inputs().get(i)) {
                case InputRule.ByKey _ -> {
                    Fact fact = new Fact.Identity(
                            edge.output(), inputs.identity(input).id());
                    facts.add(fact);
                    definition.add(fact);
                }
                case InputRule.ByContent(List<Object> selections, Digest selected) -> {
                    if (inputs.recipe(input).keeping() == KeyRecipe.Keeping.UNKEYED) {
                        facts.add(new Fact.Content(inputs.content(vertex, i, selections)));
                        byDefinition = false;
                        continue;
                    }
                    Identified identity = inputs.identity(input);
                    Fact defined = new Fact.Selected(edge.output(), identity.id(), selected);
                    definition.add(defined);
                    if (identity.found()) {
                        facts.add(new Fact.Content(inputs.content(vertex, i, selections)));
                        contentKnown = true;
                    } else {
                        facts.add(defined);
                    }
                }
            }
        }
        if (contentKnown || !byDefinition) {
            all.add(Fact.key(recipe.op(), facts));
        }
        if (byDefinition) {
            all.add(Fact.key(recipe.op(), definition));
        }
        return new Keys(all, named(vertex, facts));
    }

    /** The key with the content of every input that is named by content, which runs those inputs. */
    Keys full(Vertex vertex, KeyRecipe recipe) throws InterruptedException {
        List<Vertex> missing = new ArrayList<>();
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Vertex input = graph.vertex(vertex.inputs().get(i).vertex());
            if (recipe.inputs().get(i) instanceof InputRule.ByContent || !isNamed(input)) {
                missing.add(input);
            }
        }
        inputs.run(missing);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Edge edge = vertex.inputs().get(i);
            Vertex input = graph.vertex(edge.vertex());
            facts.add(
                    switch (recipe.inputs().get(i)) {
                        case InputRule.ByKey _ -> new Fact.Identity(edge.output(), afterRun(input));
                        case InputRule.ByContent(List<Object> selections, Digest _) ->
                            new Fact.Content(inputs.content(vertex, i, selections));
                    });
        }
        return new Keys(List.of(Fact.key(recipe.op(), facts)), named(vertex, facts));
    }

    /** The identity that an input has once this build is done with it. */
    private Digest afterRun(Vertex input) throws InterruptedException {
        return isNamed(input) ? inputs.identity(input).id() : inputs.identityOfResult(input);
    }

    /** Whether the input's identity is certain before it has run. */
    private boolean isNamed(Vertex input) throws InterruptedException {
        return inputs.recipe(input).keeping() == KeyRecipe.Keeping.PINNED
                || inputs.identity(input).found();
    }

    private Map<String, String> named(Vertex vertex, List<Fact> facts) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (int i = 0; i < facts.size(); i++) {
            Vertex input = graph.vertex(vertex.inputs().get(i).vertex());
            switch (facts.get(i)) {
                case Fact.Identity(int _, Digest id) ->
                    parts.put(Misses.STEP + steps.apply(input).name(), id.toString());
                case Fact.Selected(int _, Digest id, Digest _) ->
                    parts.put(Misses.STEP + steps.apply(input).name(), id.toString());
                case Fact.Content(Digest digest) -> parts.put(Misses.CONTENT + i, digest.toString());
            }
        }
        return parts;
    }
}
