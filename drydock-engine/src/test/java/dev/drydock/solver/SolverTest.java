package dev.drydock.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.StepFailed;
import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The solver over ops whose results are numbers, against a sequential evaluator. */
@Timeout(300)
class SolverTest {
    private static final long CONTENTS = 3;

    /** What the vertex does, spelt in its URL: {@code name|rules|behaviour}, a rule per input: k, c. */
    private static Vertex vertex(String name, String rules, List<Vertex> inputs) {
        List<Edge> edges = inputs.stream().map(v -> new Edge(v.digest(), 0)).toList();
        return Vertex.of(new Op.Http(name + "|" + rules, null, name, 0, 0, 0), edges);
    }

    /** Runs numbers; counts runs; fails, blocks or waits where a test says so. */
    private static final class Numbers implements Runners<Long>, OpRunner<Op, Long> {
        final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
        final Set<String> failing = ConcurrentHashMap.newKeySet();
        final Map<String, CountDownLatch> blocking = new ConcurrentHashMap<>();
        final CountDownLatch blocked = new CountDownLatch(1);
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger interrupted = new AtomicInteger();

        @Override
        @SuppressWarnings("unchecked")
        public <O extends Op> OpRunner<O, Long> runner(O op) {
            return (OpRunner<O, Long>) this;
        }

        @Override
        public KeyRecipe recipe(Op op, StepContext step) {
            String url = ((Op.Http) op).url();
            if (name(url).startsWith("remote")) {
                step.status("asked", 1, 1, Instant.EPOCH, Instant.EPOCH);
                if (failing.contains(name(url))) {
                    throw new RemoteFault("invalid response status 404");
                }
            }
            List<InputRule> rules = new ArrayList<>();
            for (char c : rules(url).toCharArray()) {
                rules.add(
                        c == 'c'
                                ? new InputRule.ByContent(List.of("all"), Digest.of(new byte[0]))
                                : new InputRule.ByKey());
            }
            KeyRecipe.Keeping keeping = name(url).startsWith("local")
                    ? KeyRecipe.Keeping.UNKEYED
                    : name(url).startsWith("pinned") ? KeyRecipe.Keeping.PINNED : KeyRecipe.Keeping.RECORDED;
            return new KeyRecipe(
                    Digest.of(url.getBytes(StandardCharsets.UTF_8)), rules, Map.of("name", name(url)), keeping);
        }

        @Override
        public Digest contentDigest(Op op, Long input, List<Object> selections) {
            return Digest.of(Long.toString(content(input)).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public List<Long> run(Op op, List<Long> inputs, StepContext step) throws InterruptedException {
            String url = ((Op.Http) op).url();
            String name = name(url);
            runs.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
            running.incrementAndGet();
            try {
                CountDownLatch latch = blocking.get(name);
                if (latch != null) {
                    blocked.countDown();
                    latch.await();
                }
                if (failing.contains(name)) {
                    throw new StepFailed("process " + name + " did not complete successfully: exit code: 1", 1);
                }
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            } finally {
                running.decrementAndGet();
            }
            return List.of(value(url, inputs));
        }

        int runsOf(String name) {
            return runs.getOrDefault(name, new AtomicInteger()).get();
        }

        int total() {
            return runs.values().stream().mapToInt(AtomicInteger::get).sum();
        }
    }

    private static String name(String url) {
        return url.substring(0, url.indexOf('|'));
    }

    private static String rules(String url) {
        return url.substring(url.indexOf('|') + 1);
    }

    private static long content(long value) {
        return Math.floorMod(value, CONTENTS);
    }

    private static long value(String url, List<Long> inputs) {
        long value = url.hashCode();
        for (int i = 0; i < inputs.size(); i++) {
            long seen = rules(url).charAt(i) == 'c' ? content(inputs.get(i)) : inputs.get(i);
            value = value * 31 + seen;
        }
        return value;
    }

    private static long naive(BuildGraph graph, Vertex vertex) {
        Map<Digest, Long> values = new HashMap<>();
        for (Vertex v : graph.vertices()) {
            List<Long> inputs =
                    v.inputs().stream().map(e -> values.get(e.vertex())).toList();
            values.put(v.digest(), value(((Op.Http) v.op()).url(), inputs));
        }
        return values.get(vertex.digest());
    }

    private static Solver<Long> solver(
            BuildGraph graph, Numbers numbers, ResultCache<Long> cache, Set<String> noCache, List<BuildEvent> events) {
        Map<Digest, StepInfo> steps = new HashMap<>();
        for (Vertex v : graph.vertices()) {
            String name = name(((Op.Http) v.op()).url());
            steps.put(v.digest(), new StepInfo(name, new ResultCache.Step(name, name, name), noCache.contains(name)));
        }
        return new Solver<>(graph, steps, numbers, cache, events::add, InstantSource.system(), 8);
    }

    private static long solve(BuildGraph graph, Vertex target, Numbers numbers, ResultCache<Long> cache)
            throws InterruptedException {
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        return solver(graph, numbers, cache, Set.of(), events).solve(new Edge(target.digest(), 0));
    }

    private static List<Vertex> randomGraph(Random random, int size, int generation) {
        List<Vertex> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<Vertex> inputs = new ArrayList<>();
            StringBuilder rules = new StringBuilder();
            for (int k = random.nextInt(4); k > 0 && !all.isEmpty(); k--) {
                Vertex input = all.get(random.nextInt(all.size()));
                boolean local = ((Op.Http) input.op()).url().startsWith("local");
                inputs.add(input);
                rules.append(local || random.nextBoolean() ? 'c' : 'k');
            }
            String kind = inputs.isEmpty() && random.nextBoolean() ? "local" : "step";
            String edit = random.nextInt(5) == 0 ? "v" + generation : "";
            all.add(vertex(kind + i + edit, rules.toString(), inputs));
        }
        all.add(vertex("end", "k".repeat(1), List.of(vertexToEndOn(all))));
        return all;
    }

    private static Vertex vertexToEndOn(List<Vertex> all) {
        for (Vertex v : all.reversed()) {
            if (!((Op.Http) v.op()).url().startsWith("local")) {
                return v;
            }
        }
        Vertex only = vertex("step-only", "", List.of());
        all.add(only);
        return only;
    }

    @Test
    void givesWhatASequentialEvaluatorGivesOverManyRandomBuildsWithOneCache() throws Exception {
        for (long seed = 1; seed <= 200; seed++) {
            MemoryCache<Long> cache = new MemoryCache<>();
            boolean evicting = seed % 2 == 0;
            for (int generation = 0; generation < 6; generation++) {
                Random random = new Random(seed); // the same shape each time, with other edits
                List<Vertex> all = randomGraph(random, 3 + (int) (seed % 20), generation);
                BuildGraph graph = new BuildGraph(all);
                Vertex target = all.getLast();
                Numbers numbers = new Numbers();
                assertThat(solve(graph, target, numbers, cache))
                        .as("seed %d generation %d", seed, generation)
                        .isEqualTo(naive(graph, target));
                assertThat(numbers.runs.values())
                        .as("at most once, seed %d", seed)
                        .allSatisfy(count -> assertThat(count.get()).isEqualTo(1));
                Numbers again = new Numbers();
                assertThat(solve(graph, target, again, cache)).isEqualTo(naive(graph, target));
                if (evicting) {
                    // A step may run once more to tell what its content is, where the record that told it is gone.
                    cache.forgetSome(new Random(seed * 31 + generation));
                } else {
                    assertThat(again.runs.keySet())
                            .as("a second build runs nothing but local directories, seed %d", seed)
                            .allMatch(name -> name.startsWith("local"));
                }
            }
        }
    }

    @Test
    void failsWithTheStepsFaultAndLeavesNothingRunning() throws Exception {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            List<Vertex> all = randomGraph(random, 12, 0);
            BuildGraph graph = new BuildGraph(all);
            Numbers numbers = new Numbers();
            String failing = name(((Op.Http) all.get(random.nextInt(all.size())).op()).url());
            numbers.failing.add(failing);
            try {
                long value = solve(graph, all.getLast(), numbers, new MemoryCache<>());
                assertThat(value).isEqualTo(naive(graph, all.getLast()));
                assertThat(numbers.runsOf(failing)).as("seed %d", seed).isZero();
            } catch (StepFailed fault) {
                assertThat(fault.text()).contains(failing);
            }
            assertThat(numbers.running.get()).isZero();
        }
    }

    /** The step on top hears of it, and so does the end of the build. */
    @Test
    void aCacheThatCannotKeepResultsFailsTheBuildWithItsOwnFault() {
        Vertex base = vertex("base", "", List.of());
        Vertex end = vertex("end", "k", List.of(base));
        assertThatThrownBy(() -> solve(new BuildGraph(List.of(base, end)), end, new Numbers(), new FullCache<>()))
                .isInstanceOf(EnvironmentFault.class)
                .hasMessageContaining("no space left on device");
    }

    @Test
    void runsIndependentInputsAtTheSameTime() throws Exception {
        Vertex a = vertex("a", "", List.of());
        Vertex b = vertex("b", "", List.of());
        Vertex end = vertex("end", "kk", List.of(a, b));
        Numbers numbers = new Numbers();
        CountDownLatch both = new CountDownLatch(2);
        numbers.blocking.put("a", both);
        numbers.blocking.put("b", both);
        Thread opener = Thread.ofPlatform().start(() -> {
            while (numbers.running.get() < 2) {
                Thread.onSpinWait();
            }
            both.countDown();
            both.countDown();
        });
        BuildGraph graph = new BuildGraph(List.of(a, b, end));
        assertThat(solve(graph, end, numbers, new MemoryCache<>())).isEqualTo(naive(graph, end));
        opener.join();
    }

    @Test
    void interruptingTheCallerInterruptsTheStepAndWaitsForIt() throws Exception {
        Vertex slow = vertex("slow", "", List.of());
        BuildGraph graph = new BuildGraph(List.of(slow));
        Numbers numbers = new Numbers();
        numbers.blocking.put("slow", new CountDownLatch(1));
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        Solver<Long> solver = solver(graph, numbers, new MemoryCache<>(), Set.of(), events);
        Thread caller = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> solver.solve(new Edge(slow.digest(), 0)))
                        .isInstanceOf(InterruptedException.class));
        numbers.blocked.await();
        caller.interrupt();
        caller.join();
        assertThat(numbers.interrupted.get()).isEqualTo(1);
        assertThat(events).last().isInstanceOf(BuildEvent.Canceled.class);
    }

    @Test
    void aFailureInterruptsItsSiblings() throws Exception {
        Vertex slow = vertex("slow", "", List.of());
        Vertex bad = vertex("bad", "", List.of());
        Vertex end = vertex("end", "kk", List.of(slow, bad));
        Numbers numbers = new Numbers();
        numbers.blocking.put("slow", new CountDownLatch(1));
        numbers.failing.add("bad");
        assertThatThrownBy(() -> solve(new BuildGraph(List.of(slow, bad, end)), end, numbers, new MemoryCache<>()))
                .isInstanceOf(StepFailed.class);
        assertThat(numbers.running.get()).isZero();
    }

    @Test
    void aStepWithEqualContentBelowItIsReusedThoughItsInputRanAgain() throws Exception {
        MemoryCache<Long> cache = new MemoryCache<>();
        Vertex build = vertex("build", "", List.of());
        Vertex copy = vertex("copy", "c", List.of(build));
        Vertex run = vertex("run", "k", List.of(copy));
        BuildGraph graph = new BuildGraph(List.of(build, copy, run));
        solve(graph, run, new Numbers(), cache);

        String edited = editWithTheSameContent("build");
        Vertex build2 = vertex(edited, "", List.of());
        Vertex copy2 = vertex("copy", "c", List.of(build2));
        Vertex run2 = vertex("run", "k", List.of(copy2));
        Numbers numbers = new Numbers();
        solve(new BuildGraph(List.of(build2, copy2, run2)), run2, numbers, cache);
        assertThat(numbers.runs.keySet()).containsExactly(edited);
    }

    private static String editWithTheSameContent(String name) {
        long wanted = content(value(name + "|", List.of()));
        for (int i = 0; ; i++) {
            String edited = name + i;
            if (content(value(edited + "|", List.of())) == wanted) {
                return edited;
            }
        }
    }

    @Test
    void aForcedStepMakesTheStepsOnTopOfItRunAgain() throws Exception {
        MemoryCache<Long> cache = new MemoryCache<>();
        Vertex base = vertex("base", "", List.of());
        Vertex forced = vertex("forced", "k", List.of(base));
        Vertex top = vertex("top", "k", List.of(forced));
        BuildGraph graph = new BuildGraph(List.of(base, forced, top));
        solve(graph, top, new Numbers(), cache);
        Numbers numbers = new Numbers();
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        solver(graph, numbers, cache, Set.of("forced"), events).solve(new Edge(top.digest(), 0));
        assertThat(numbers.runs.keySet()).containsExactlyInAnyOrder("forced", "top");
        Numbers after = new Numbers();
        solve(graph, top, after, cache);
        assertThat(after.total()).isZero();
    }

    @Test
    void aStepWhoseKeyNeedsAServerBeginsOnceAndFailsAsAStep() throws Exception {
        Vertex remote = vertex("remote", "", List.of());
        Vertex copy = vertex("copy", "c", List.of(remote));
        BuildGraph graph = new BuildGraph(List.of(remote, copy));
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        MemoryCache<Long> cache = new MemoryCache<>();
        solver(graph, new Numbers(), cache, Set.of(), events).solve(new Edge(copy.digest(), 0));
        assertThat(ofVertex(remote, events))
                .containsExactly(BuildEvent.Started.class, BuildEvent.Status.class, BuildEvent.Completed.class);

        events.clear();
        solver(graph, new Numbers(), cache, Set.of(), events).solve(new Edge(copy.digest(), 0));
        assertThat(ofVertex(remote, events))
                .containsExactly(BuildEvent.Started.class, BuildEvent.Status.class, BuildEvent.Cached.class);

        events.clear();
        Numbers broken = new Numbers();
        broken.failing.add("remote");
        assertThatThrownBy(() -> solver(graph, broken, cache, Set.of(), events).solve(new Edge(copy.digest(), 0)))
                .hasMessage("invalid response status 404");
        assertThat(ofVertex(remote, events))
                .containsExactly(BuildEvent.Started.class, BuildEvent.Status.class, BuildEvent.Failed.class);
    }

    private static List<Class<?>> ofVertex(Vertex vertex, List<BuildEvent> events) {
        List<Class<?>> kinds = new ArrayList<>();
        for (BuildEvent event : events) {
            boolean about = switch (event) {
                case BuildEvent.Started started -> started.vertex().equals(vertex.digest());
                case BuildEvent.Status status -> status.vertex().equals(vertex.digest());
                case BuildEvent.Completed completed -> completed.vertex().equals(vertex.digest());
                case BuildEvent.Cached cached -> cached.vertex().equals(vertex.digest());
                case BuildEvent.Failed failed -> failed.vertex().equals(vertex.digest());
                default -> false;
            };
            if (about) {
                kinds.add(event.getClass());
            }
        }
        return kinds;
    }

    @Test
    void aBaseThatNobodyNeedsIsToldOfBeforeTheCachedStepsOnIt() throws Exception {
        MemoryCache<Long> cache = new MemoryCache<>();
        Vertex base = vertex("pinned", "", List.of());
        Vertex middle = vertex("middle", "k", List.of(base));
        Vertex top = vertex("top", "k", List.of(middle));
        BuildGraph graph = new BuildGraph(List.of(base, middle, top));
        solve(graph, top, new Numbers(), cache);
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        solver(graph, new Numbers(), cache, Set.of(), events).solve(new Edge(top.digest(), 0));
        assertThat(events).hasSize(4);
        assertThat(ofVertex(base, events.subList(0, 2)))
                .containsExactly(BuildEvent.Started.class, BuildEvent.Completed.class);
        assertThat(ofVertex(middle, events)).containsExactly(BuildEvent.Cached.class);
        assertThat(ofVertex(top, events)).containsExactly(BuildEvent.Cached.class);
    }

    @Test
    void aMissNamesThePartThatChanged() throws Exception {
        MemoryCache<Long> cache = new MemoryCache<>();
        Vertex before = vertex("local-a", "", List.of());
        Vertex copy = vertex("copy", "c", List.of(before));
        solve(new BuildGraph(List.of(before, copy)), copy, new Numbers(), cache);
        Vertex after = vertex("local-bb", "", List.of());
        for (int i = 0;
                content(value("local-a|", List.of()))
                        == content(value(name(((Op.Http) after.op()).url()) + "|", List.of()));
                i++) {
            after = vertex("local-b" + i, "", List.of());
        }
        Vertex copy2 = vertex("copy", "c", List.of(after));
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        solver(new BuildGraph(List.of(after, copy2)), new Numbers(), cache, Set.of(), events)
                .solve(new Edge(copy2.digest(), 0));
        assertThat(events)
                .filteredOn(BuildEvent.Explained.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(((BuildEvent.Explained) event).reasons())
                        .singleElement()
                        .asString()
                        .startsWith("content went from"));
    }
}
