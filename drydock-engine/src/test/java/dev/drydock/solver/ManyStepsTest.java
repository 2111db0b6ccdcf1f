package dev.drydock.solver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Builds of ten thousand steps: no stack is too small for them, and each step costs what it costs in a small build. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyStepsTest {
    private static final int FEW = 2_500;
    private static final int MANY = 10_000;

    /** How steps stand on each other. */
    enum Shape {
        /** RUN on RUN. */
        CHAIN {
            @Override
            List<Integer> inputs(int step) {
                return step == 0 ? List.of() : List.of(step - 1);
            }
        },
        /** Each copies from the stage before it. */
        COPIES {
            @Override
            List<Integer> inputs(int step) {
                return step == 0 ? List.of() : List.of(step - 1);
            }

            @Override
            boolean byContent() {
                return true;
            }
        },
        /** Each stands on one and copies from another. */
        LADDER {
            @Override
            List<Integer> inputs(int step) {
                return step < 2 ? List.of() : List.of(step - 1, step - 2);
            }
        },
        /** One copies from all. */
        FAN {
            @Override
            List<Integer> inputs(int step) {
                return List.of();
            }
        };

        abstract List<Integer> inputs(int step);

        boolean byContent() {
            return false;
        }

        private BuildGraph graph(int size) {
            List<Vertex> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add(vertex("step" + i, inputs(i).stream().map(all::get).toList()));
            }
            if (this == FAN) {
                all.add(vertex("end", List.copyOf(all)));
            }
            return new BuildGraph(all);
        }

        private static Vertex vertex(String name, List<Vertex> inputs) {
            return Vertex.of(
                    new Op.Http(name, null, name, 0, 0, 0),
                    inputs.stream().map(input -> new Edge(input.digest(), 0)).toList());
        }
    }

    /** Counts everything that a solver asks for. */
    private static final class Counted implements Runners<String>, OpRunner<Op, String>, ResultCache<String> {
        private final Shape shape;
        private final AtomicLong questions = new AtomicLong();
        private final AtomicLong runs = new AtomicLong();
        private final AtomicLong events = new AtomicLong();
        private final Map<Digest, Hit<String>> hits = new ConcurrentHashMap<>();
        private final Map<Op, Integer> inputs = new ConcurrentHashMap<>();

        Counted(Shape shape) {
            this.shape = shape;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <O extends Op> OpRunner<O, String> runner(O op) {
            return (OpRunner<O, String>) this;
        }

        @Override
        public KeyRecipe recipe(Op op, StepContext step) {
            questions.incrementAndGet();
            List<InputRule> rules = new ArrayList<>();
            for (int i = 0; i < inputs.getOrDefault(op, 0); i++) {
                rules.add(
                        shape.byContent() || i > 0
                                ? new InputRule.ByContent(List.of("all"), Digest.of(new byte[0]))
                                : new InputRule.ByKey());
            }
            return new KeyRecipe(
                    Digest.of(((Op.Http) op).url().getBytes(StandardCharsets.UTF_8)),
                    rules,
                    Map.of(),
                    KeyRecipe.Keeping.RECORDED);
        }

        @Override
        public Digest contentDigest(Op op, String input, List<Object> selections) {
            questions.incrementAndGet();
            return Digest.of(input.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public List<String> run(Op op, List<String> results, StepContext step) {
            runs.incrementAndGet();
            return List.of(((Op.Http) op).url());
        }

        @Override
        public Optional<Hit<String>> find(Digest key) {
            questions.incrementAndGet();
            return Optional.ofNullable(hits.get(key));
        }

        @Override
        public void record(Entry entry, List<String> outputs) {
            questions.incrementAndGet();
            entry.keys().forEach(key -> hits.put(key, new Hit<>(entry.id(), outputs)));
        }

        @Override
        public Optional<Entry> nearest(Step step) {
            questions.incrementAndGet();
            return Optional.empty();
        }

        @Override
        public List<String> contentChanges(Digest earlier, Digest now) {
            return List.of();
        }

        /** Builds; gives how often the solver asked for something. */
        long build(BuildGraph graph) throws InterruptedException {
            Map<Digest, StepInfo> steps = new HashMap<>();
            for (Vertex vertex : graph.vertices()) {
                inputs.put(vertex.op(), vertex.inputs().size());
                String name = ((Op.Http) vertex.op()).url();
                steps.put(vertex.digest(), new StepInfo(name, new Step(name, name, name), false));
            }
            questions.set(0);
            runs.set(0);
            events.set(0);
            Solver<String> solver = new Solver<>(
                    graph, steps, this, this, event -> events.incrementAndGet(), InstantSource.system(), 8);
            Vertex target = graph.vertices().getLast();
            assertThat(solver.solve(new Edge(target.digest(), 0))).isEqualTo(((Op.Http) target.op()).url());
            return questions.get();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void eachStepIsAskedForAFewTimes(Shape shape) throws InterruptedException {
        Counted few = new Counted(shape);
        BuildGraph small = shape.graph(FEW);
        long cold = few.build(small);
        assertThat(few.runs).hasValue(small.vertices().size());
        long warm = few.build(small);
        assertThat(few.runs).hasValue(0);

        Counted many = new Counted(shape);
        BuildGraph large = shape.graph(MANY);
        assertThat(many.build(large)).as("nothing is there yet").isLessThanOrEqualTo(cold * MANY / FEW + 100);
        assertThat(many.runs).hasValue(large.vertices().size());
        assertThat(many.events.get()).isLessThan(4L * large.vertices().size());
        assertThat(many.build(large)).as("everything is there").isLessThanOrEqualTo(warm * MANY / FEW + 100);
        assertThat(many.runs).hasValue(0);
    }

    /** The last step is another: what is below it is looked up, not run. */
    @Test
    void oneNewStepOnManyRunsAlone() throws InterruptedException {
        Counted counted = new Counted(Shape.CHAIN);
        BuildGraph graph = Shape.CHAIN.graph(MANY);
        counted.build(graph);
        List<Vertex> more = new ArrayList<>(graph.vertices());
        more.add(Shape.vertex("new", List.of(more.getLast())));
        assertThat(counted.build(new BuildGraph(more))).isLessThan(10L * MANY);
        assertThat(counted.runs).hasValue(1);
    }
}
