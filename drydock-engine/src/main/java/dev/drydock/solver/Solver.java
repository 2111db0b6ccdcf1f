package dev.drydock.solver;

import dev.drydock.event.BuildEvent;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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
    private final ResultCache<R> cache;
    private final BuildEvents events;
    private final InstantSource clock;
    private final Workers workers;
    private final AnswerTable table = new AnswerTable();
    private final Set<Digest> announced = ConcurrentHashMap.newKeySet();
    /** Vertices whose work was seen to begin; a recipe that takes its time begins it early. */
    private final Set<Digest> started = ConcurrentHashMap.newKeySet();

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
        this.cache = cache;
        this.events = events;
        this.clock = clock;
        this.workers = new Workers(parallel);
    }

    /**
     * Solves for one edge. Blocks. When interrupted, or when a step fails, everything that still runs is interrupted and
     * has ended when this method returns.
     *
     * @throws DrydockException the first failure
     */
    public R solve(Edge target) throws InterruptedException {
        try {
            R result = result(graph.vertex(target.vertex())).outputs().get(target.output());
            announceUnused();
            return result;
        } finally {
            table.awaitQuiet();
        }
    }

    /** Pinned inputs that no step was built on: nobody needed them, but they are part of the build. */
    private void announceUnused() {
        graph.vertices().forEach(this::announceUnused);
    }

    private void announceUnused(Vertex vertex) {
        if (announced.add(vertex.digest())) {
            start(vertex.digest());
            events.accept(new BuildEvent.Completed(clock.instant(), vertex.digest()));
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

    /** What keys of later steps are made of; {@code found} when an earlier result stands behind it. */
    private record Identified(Digest id, boolean found) {}

    private Identified identity(Vertex vertex) throws InterruptedException {
        return table.ask(new Question.OfVertex(Question.About.IDENTITY, vertex.digest()), () -> answerIdentity(vertex));
    }

    private KeyRecipe recipe(Vertex vertex) throws InterruptedException {
        return table.ask(new Question.OfVertex(Question.About.RECIPE, vertex.digest()), () -> answerRecipe(vertex));
    }

    private KeyRecipe answerRecipe(Vertex vertex) throws InterruptedException {
        try {
            return runners.runner(vertex.op()).recipe(vertex.op(), context(vertex));
        } catch (InterruptedException e) {
            if (started.contains(vertex.digest())) {
                events.accept(new BuildEvent.Canceled(clock.instant(), vertex.digest()));
            }
            throw e;
        } catch (DrydockException fault) {
            failed(vertex, fault);
            throw fault;
        }
    }

    private Context context(Vertex vertex) {
        return new Context(vertex.digest(), info(vertex).name());
    }

    private void start(Digest vertex) {
        if (started.add(vertex)) {
            events.accept(new BuildEvent.Started(clock.instant(), vertex));
        }
    }

    private void failed(Vertex vertex, DrydockException fault) {
        announced.add(vertex.digest());
        events.accept(new BuildEvent.Failed(clock.instant(), vertex.digest(), fault.text()));
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
        Keys keys = cheapKeys(vertex, recipe);
        Optional<Solved<R>> found = reuse(vertex, keys.all());
        return found.map(solved -> new Identified(solved.id(), true))
                .orElseGet(() -> new Identified(keys.best(), false));
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
        Keys cheap = cheapKeys(vertex, recipe);
        Optional<Solved<R>> byDefinition = reuse(vertex, cheap.all());
        if (byDefinition.isPresent()) {
            return byDefinition.get();
        }
        Keys full = fullKeys(vertex, recipe);
        Set<Digest> keys = new LinkedHashSet<>(full.all());
        keys.addAll(cheap.all());
        Optional<Solved<R>> byContent = reuse(vertex, List.copyOf(keys));
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
        cache.record(new ResultCache.Entry(id, List.copyOf(keys), info.step(), parts), outputs);
        return new Solved<>(id, outputs);
    }

    /** Keys in order of preference, with what each input gave, by name. */
    private record Keys(List<Digest> all, Map<String, String> parts) {
        Digest best() {
            return all.getFirst();
        }
    }

    /** Keys that need no step to run: by the content of inputs that are at hand, and by definition. */
    private Keys cheapKeys(Vertex vertex, KeyRecipe recipe) throws InterruptedException {
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
                    Fact fact = new Fact.Identity(edge.output(), identity(input).id());
                    facts.add(fact);
                    definition.add(fact);
                }
                case InputRule.ByContent(List<Object> selections, Digest selected) -> {
                    boolean unkeyed = recipe(input).keeping() == KeyRecipe.Keeping.UNKEYED;
                    if (unkeyed || identity(input).found()) {
                        facts.add(new Fact.Content(contentDigest(vertex, i, selections)));
                        contentKnown = true;
                    } else {
                        facts.add(
                                new Fact.Selected(edge.output(), identity(input).id(), selected));
                    }
                    if (unkeyed) {
                        byDefinition = false;
                    } else {
                        definition.add(
                                new Fact.Selected(edge.output(), identity(input).id(), selected));
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
    private Keys fullKeys(Vertex vertex, KeyRecipe recipe) throws InterruptedException {
        List<Vertex> missing = new ArrayList<>();
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Vertex input = graph.vertex(vertex.inputs().get(i).vertex());
            if (recipe.inputs().get(i) instanceof InputRule.ByContent || !isNamed(input)) {
                missing.add(input);
            }
        }
        results(missing);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Edge edge = vertex.inputs().get(i);
            Vertex input = graph.vertex(edge.vertex());
            facts.add(
                    switch (recipe.inputs().get(i)) {
                        case InputRule.ByKey _ -> new Fact.Identity(edge.output(), afterRun(input));
                        case InputRule.ByContent(List<Object> selections, Digest _) ->
                            new Fact.Content(contentDigest(vertex, i, selections));
                    });
        }
        return new Keys(List.of(Fact.key(recipe.op(), facts)), named(vertex, facts));
    }

    /** The identity that an input has once this build is done with it. */
    private Digest afterRun(Vertex input) throws InterruptedException {
        return isNamed(input) ? identity(input).id() : result(input).id();
    }

    /** Whether the input's identity is certain before it has run. */
    private boolean isNamed(Vertex input) throws InterruptedException {
        return recipe(input).keeping() == KeyRecipe.Keeping.PINNED
                || identity(input).found();
    }

    private Map<String, String> named(Vertex vertex, List<Fact> facts) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (int i = 0; i < facts.size(); i++) {
            Vertex input = graph.vertex(vertex.inputs().get(i).vertex());
            switch (facts.get(i)) {
                case Fact.Identity(int _, Digest id) ->
                    parts.put(Misses.STEP + info(input).name(), id.toString());
                case Fact.Selected(int _, Digest id, Digest _) ->
                    parts.put(Misses.STEP + info(input).name(), id.toString());
                case Fact.Content(Digest digest) -> parts.put(Misses.CONTENT + i, digest.toString());
            }
        }
        return parts;
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
        if (announced.add(vertex.digest())) {
            for (Edge edge : vertex.inputs()) {
                Vertex input = graph.vertex(edge.vertex());
                if (recipe(input).keeping() == KeyRecipe.Keeping.PINNED) {
                    announceUnused(input);
                }
            }
            events.accept(new BuildEvent.Cached(clock.instant(), vertex.digest()));
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
            boolean told = !announced.add(vertex.digest());
            start(vertex.digest());
            if (!reasons.isEmpty()) {
                events.accept(new BuildEvent.Explained(clock.instant(), vertex.digest(), reasons));
            }
            Context context = context(vertex);
            List<R> outputs = runOp(vertex.op(), trees, context);
            Instant now = clock.instant();
            if (!context.reused) {
                events.accept(new BuildEvent.Completed(now, vertex.digest()));
            } else if (!told) {
                events.accept(new BuildEvent.Cached(now, vertex.digest()));
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
            if (announced.contains(vertex.digest())) {
                events.accept(new BuildEvent.Canceled(clock.instant(), vertex.digest()));
            }
            throw e;
        } catch (DrydockException fault) {
            failed(vertex, fault);
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

    private final class Context implements StepContext {
        private final Digest vertex;
        private final String name;
        private volatile boolean reused;

        Context(Digest vertex, String name) {
            this.vertex = vertex;
            this.name = name;
        }

        @Override
        public Digest vertex() {
            return vertex;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void reused() {
            reused = true;
        }

        @Override
        public void log(BuildEvent.Stream stream, String text) {
            start(vertex);
            events.accept(new BuildEvent.Log(clock.instant(), vertex, stream, text));
        }

        @Override
        public void status(String id, long current, long total, Instant started, @Nullable Instant completed) {
            start(vertex);
            events.accept(new BuildEvent.Status(clock.instant(), vertex, id, current, total, started, completed));
        }
    }
}
