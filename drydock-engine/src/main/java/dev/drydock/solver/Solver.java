package dev.drydock.solver;

import dev.drydock.event.BuildEvents;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.solver.ResultCache.Hit;
import dev.drydock.solver.StepKeys.Identified;
import dev.drydock.solver.StepKeys.Keys;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Gives the result of an edge of one build's graph, running each vertex at most once, in parallel where inputs allow, and
 * reusing earlier results by key. Two memoised questions call each other:
 *
 * <ul>
 *   <li><b>identity</b> of a vertex: what keys of later steps are made of. It is looked up or computed, nothing runs.
 *   <li><b>result</b> of a vertex: found by definition, else by the content of its inputs, else by running it.
 * </ul>
 *
 * A key is made of the op's digest and, for each input, the input's identity or the digest of what is used of its content.
 * A step that was made to run again ({@code --no-cache}) gets a fresh identity, so that steps on top of it do not find
 * results that were made from the old one.
 *
 * @param <R> the result of one output
 */
public final class Solver<R> {
    private final BuildGraph graph;
    private final Map<Digest, StepInfo> steps;
    private final Runners<R> runners;
    private final LaterRecords<R> cache;
    private final VertexEvents events;
    private final Workers workers;
    private final AnswerTable table = new AnswerTable();
    private final StepKeys keys;
    private final String nonce = UUID.randomUUID().toString();

    /**
     * A solver for one build.
     *
     * @param steps one entry for every vertex of the graph
     * @param parallel how many steps may run at once
     */
    public Solver(
            BuildGraph graph,
            Map<Digest, StepInfo> steps,
            Runners<R> runners,
            ResultCache<R> cache,
            BuildEvents events,
            InstantSource clock,
            int parallel) {
        this.graph = graph;
        this.steps = Map.copyOf(steps);
        this.runners = runners;
        this.cache = new LaterRecords<>(cache);
        this.events = new VertexEvents(events, clock);
        this.workers = new Workers(parallel);
        this.keys = new StepKeys(graph, this::info, new KnownInputs());
    }

    /**
     * Solves for one edge, once. Blocks. When interrupted, or when a step fails, everything that still runs is interrupted
     * and has ended when this method returns; what was made is in the cache then.
     *
     * @throws DrydockException the first failure
     */
    public R solve(Edge target) throws InterruptedException {
        try (cache) {
            try {
                R result = result(graph.vertex(target.vertex())).outputs().get(target.output());
                // Pinned inputs that no step was built on: nobody needed them, but they are part of the build.
                graph.vertices().forEach(vertex -> events.unused(vertex.digest()));
                return result;
            } finally {
                table.awaitQuiet();
            }
        }
    }

    private sealed interface Question {
        /** What is asked about a vertex. */
        enum About {
            IDENTITY,
            RESULT,
            RECIPE
        }

        record OfVertex(About about, Digest vertex) implements Question {}

        record Content(Digest op, Edge input, List<Object> selections) implements Question {}
    }

    /** A result with its identity. */
    private record Solved<R>(Digest id, List<R> outputs) {}

    private Solved<R> result(Vertex vertex) throws InterruptedException {
        return table.ask(new Question.OfVertex(Question.About.RESULT, vertex.digest()), () -> answerResult(vertex));
    }

    private Identified identity(Vertex vertex) throws InterruptedException {
        return table.ask(new Question.OfVertex(Question.About.IDENTITY, vertex.digest()), () -> answerIdentity(vertex));
    }

    private KeyRecipe recipe(Vertex vertex) throws InterruptedException {
        return table.ask(new Question.OfVertex(Question.About.RECIPE, vertex.digest()), () -> answerRecipe(vertex));
    }

    private KeyRecipe answerRecipe(Vertex vertex) throws InterruptedException {
        try {
            return runners.runner(vertex.op())
                    .recipe(
                            vertex.op(),
                            events.step(vertex.digest(), info(vertex).name()));
        } catch (InterruptedException e) {
            events.cancelled(vertex.digest());
            throw e;
        } catch (DrydockException fault) {
            events.failed(vertex.digest(), fault);
            throw fault;
        }
    }

    private Identified answerIdentity(Vertex vertex) throws InterruptedException {
        KeyRecipe recipe = recipe(vertex);
        if (recipe.keeping() == KeyRecipe.Keeping.PINNED) {
            return new Identified(recipe.op(), false);
        }
        if (recipe.keeping() == KeyRecipe.Keeping.UNKEYED) {
            throw new Bug("key step " + info(vertex).name() + ": only its content has a name");
        }
        if (info(vertex).ignoreCache()) {
            return new Identified(fresh(vertex), false);
        }
        Keys cheap = keys.cheap(vertex, recipe);
        Optional<Solved<R>> found = reuse(vertex, cheap.all());
        return found.map(solved -> new Identified(solved.id(), true))
                .orElseGet(() -> new Identified(cheap.best(), false));
    }

    private Solved<R> answerResult(Vertex vertex) throws InterruptedException {
        KeyRecipe recipe = recipe(vertex);
        return switch (recipe.keeping()) {
            case PINNED -> new Solved<>(recipe.op(), run(vertex, inputs(vertex), List.of()));
            case UNKEYED -> new Solved<>(vertex.digest(), run(vertex, inputs(vertex), List.of()));
            case RECORDED -> recorded(vertex, recipe);
        };
    }

    private Solved<R> recorded(Vertex vertex, KeyRecipe recipe) throws InterruptedException {
        Keys cheap = keys.cheap(vertex, recipe);
        Optional<Solved<R>> byDefinition = reuse(vertex, cheap.all());
        if (byDefinition.isPresent()) {
            return byDefinition.get();
        }
        Keys full = keys.full(vertex, recipe);
        Set<Digest> all = new LinkedHashSet<>(full.all());
        all.addAll(cheap.all());
        Optional<Solved<R>> byContent = reuse(vertex, List.copyOf(all));
        if (byContent.isPresent()) {
            return byContent.get();
        }
        List<Solved<R>> inputs = inputs(vertex);
        Map<String, String> parts = new LinkedHashMap<>(recipe.parts());
        parts.putAll(full.parts());
        StepInfo info = info(vertex);
        List<String> reasons = Misses.explain(info, parts, cache);
        List<R> outputs = run(vertex, inputs, reasons);
        Digest id = info.ignoreCache() ? fresh(vertex) : full.best();
        cache.record(new ResultCache.Entry(id, List.copyOf(all), info.step(), parts), outputs);
        return new Solved<>(id, outputs);
    }

    private Digest contentDigest(Vertex vertex, int position, List<Object> selections) throws InterruptedException {
        Edge edge = vertex.inputs().get(position);
        return table.ask(new Question.Content(vertex.digest(), edge, selections), () -> {
            R input = result(graph.vertex(edge.vertex())).outputs().get(edge.output());
            try {
                return work(vertex, "digest ", () -> contentDigest(vertex.op(), input, selections));
            } catch (UserFault fault) {
                throw fault.saying("failed to compute cache key: " + fault.text());
            }
        });
    }

    private <O extends Op> Digest contentDigest(O op, R input, List<Object> selections) throws InterruptedException {
        return runners.runner(op).contentDigest(op, input, selections);
    }

    private List<Solved<R>> inputs(Vertex vertex) throws InterruptedException {
        return results(vertex.inputs().stream()
                .map(edge -> graph.vertex(edge.vertex()))
                .toList());
    }

    /** Several results at once. */
    private List<Solved<R>> results(List<Vertex> inputs) throws InterruptedException {
        List<AnswerTable.Asked<Solved<R>>> questions = new ArrayList<>();
        for (Vertex input : inputs) {
            questions.add(new AnswerTable.Asked<>(
                    new Question.OfVertex(Question.About.RESULT, input.digest()), () -> answerResult(input)));
        }
        return table.askAll(questions);
    }

    private Optional<Hit<R>> find(Vertex vertex, List<Digest> keys) {
        if (info(vertex).ignoreCache()) {
            return Optional.empty();
        }
        for (Digest key : keys) {
            Optional<Hit<R>> hit = cache.find(key);
            if (hit.isPresent()) {
                return hit;
            }
        }
        return Optional.empty();
    }

    private Optional<Solved<R>> reuse(Vertex vertex, List<Digest> keys) throws InterruptedException {
        Optional<Hit<R>> hit = find(vertex, keys);
        if (hit.isPresent()) {
            cached(vertex);
        }
        return hit.map(found -> new Solved<>(found.id(), found.outputs()));
    }

    /** A base is told of before the cached step on top of it, as its digest is known and nobody may ever need more of it. */
    private void cached(Vertex vertex) throws InterruptedException {
        if (events.claim(vertex.digest())) {
            for (Edge edge : vertex.inputs()) {
                Vertex input = graph.vertex(edge.vertex());
                if (recipe(input).keeping() == KeyRecipe.Keeping.PINNED) {
                    events.unused(input.digest());
                }
            }
            events.cached(vertex.digest());
        }
    }

    /** An identity that no other build has. */
    private Digest fresh(Vertex vertex) {
        return Digest.of((vertex.digest() + "\n" + nonce).getBytes(StandardCharsets.UTF_8));
    }

    private List<R> run(Vertex vertex, List<Solved<R>> inputs, List<String> reasons) throws InterruptedException {
        List<R> trees = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            trees.add(inputs.get(i).outputs().get(vertex.inputs().get(i).output()));
        }
        return work(vertex, "step ", () -> {
            boolean told = !events.claim(vertex.digest());
            events.started(vertex.digest());
            events.explained(vertex.digest(), reasons);
            VertexEvents.Step step = events.step(vertex.digest(), info(vertex).name());
            List<R> outputs = runOp(vertex.op(), trees, step);
            if (!step.isReused()) {
                events.completed(vertex.digest());
            } else if (!told) {
                events.cached(vertex.digest());
            }
            return outputs;
        });
    }

    private <O extends Op> List<R> runOp(O op, List<R> inputs, StepContext step) throws InterruptedException {
        return runners.runner(op).run(op, inputs, step);
    }

    /** Works for a vertex on a worker thread and tells how it went wrong, if it does. */
    private <T> T work(Vertex vertex, String what, Callable<T> work) throws InterruptedException {
        try {
            return workers.run(what + vertex.digest().shortHex(), work);
        } catch (InterruptedException e) {
            events.cancelled(vertex.digest());
            throw e;
        } catch (DrydockException fault) {
            events.failed(vertex.digest(), fault);
            throw fault;
        }
    }

    private StepInfo info(Vertex vertex) {
        StepInfo info = steps.get(vertex.digest());
        if (info == null) {
            throw new Bug("solve vertex " + vertex.digest() + ": nothing is known of its step");
        }
        return info;
    }

    /** What the keys of a step are made of, from this build's answers. */
    private final class KnownInputs implements StepKeys.Inputs {
        @Override
        public KeyRecipe recipe(Vertex vertex) throws InterruptedException {
            return Solver.this.recipe(vertex);
        }

        @Override
        public Identified identity(Vertex vertex) throws InterruptedException {
            return Solver.this.identity(vertex);
        }

        @Override
        public Digest identityOfResult(Vertex vertex) throws InterruptedException {
            return result(vertex).id();
        }

        @Override
        public Digest content(Vertex step, int position, List<Object> selections) throws InterruptedException {
            return contentDigest(step, position, selections);
        }

        @Override
        public void run(List<Vertex> vertices) throws InterruptedException {
            results(vertices);
        }
    }
}
