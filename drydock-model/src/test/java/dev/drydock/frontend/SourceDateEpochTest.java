package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.frontend.Resolver.Dated;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SOURCE_DATE_EPOCH as a number and as a name; expected values from BuildKit's frontend. */
class SourceDateEpochTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_234_567_890);
    private static final String END = "FROM busybox\nARG SOURCE_DATE_EPOCH\nRUN x\n";

    private final FakeImages images = new FakeImages();

    private BuildPlan plan(String text, Map<String, String> buildArgs, NamedContexts contexts)
            throws InterruptedException {
        BuildOptions options = Requests.options(null, buildArgs, contexts);
        return new DockerfileFrontend().plan(new Definition("Dockerfile", text), options, images, _ -> {});
    }

    private BuildPlan plan(String text, String epoch) throws InterruptedException {
        return plan(text, Map.of("SOURCE_DATE_EPOCH", epoch), NamedContexts.NONE);
    }

    private static String seen(BuildPlan plan) {
        for (Vertex vertex : plan.graph().vertices()) {
            if (vertex.op() instanceof Op.Exec exec) {
                return exec.meta().env().stream()
                        .filter(each -> each.startsWith("SOURCE_DATE_EPOCH"))
                        .findFirst()
                        .orElse("");
            }
        }
        return "no step";
    }

    @Test
    void aNumberIsSecondsAndAsksNobody() throws InterruptedException {
        BuildPlan plan = plan(END, "1000000000");
        assertThat(plan.config().created()).isEqualTo(Instant.ofEpochSecond(1_000_000_000));
        assertThat(seen(plan)).isEqualTo("SOURCE_DATE_EPOCH=1000000000");
        assertThat(images.dated).isEmpty();
        assertThat(plan("ARG SOURCE_DATE_EPOCH=5\n" + END, Map.of(), NamedContexts.NONE)
                        .config()
                        .created())
                .isEqualTo(Instant.ofEpochSecond(5));
    }

    @Test
    void stagesSeeTheSecondsOfWhatIsNamed() throws InterruptedException {
        images.changed = TIME;
        BuildPlan plan = plan(END, "context");
        assertThat(images.dated).containsExactly(new Dated.MainContext());
        assertThat(plan.config().created()).isEqualTo(TIME);
        assertThat(seen(plan)).isEqualTo("SOURCE_DATE_EPOCH=1234567890");
        assertThat(seen(plan("ARG SOURCE_DATE_EPOCH=context\n" + END, Map.of(), NamedContexts.NONE)))
                .isEqualTo("SOURCE_DATE_EPOCH=1234567890");
    }

    @Test
    void aSourceWithoutATimeIsNoEpoch() throws InterruptedException {
        BuildPlan plan = plan(END, "context");
        assertThat(plan.config().created()).isNull();
        assertThat(seen(plan)).isEqualTo("SOURCE_DATE_EPOCH=");
        TreeMap<String, NamedContext> contexts = new TreeMap<>();
        contexts.put("lib", new NamedContext.Local(List.of()));
        images.dated.clear();
        assertThat(plan(END, Map.of("SOURCE_DATE_EPOCH", "lib"), new NamedContexts(contexts))
                        .config()
                        .created())
                .isNull();
        assertThat(images.dated).isEmpty();
    }

    @Test
    void aNamedContextIsAsked() throws InterruptedException {
        images.changed = TIME;
        TreeMap<String, NamedContext> contexts = new TreeMap<>();
        contexts.put("src", new NamedContext.Repository(GitSource.parse("https://h/r.git#v1")));
        contexts.put("web", new NamedContext.Web("https://h/x.tar"));
        plan(END, Map.of("SOURCE_DATE_EPOCH", "src"), new NamedContexts(contexts));
        plan(END, Map.of("SOURCE_DATE_EPOCH", "web"), new NamedContexts(contexts));
        assertThat(images.dated)
                .containsExactly(
                        new Dated.Repository(GitSource.parse("https://h/r.git#v1")),
                        new Dated.Web("https://h/x.tar", null));
    }

    @Test
    void aStageOfOneRemoteAddIsAsked() throws InterruptedException {
        images.changed = TIME;
        plan("ARG V=1\nFROM scratch AS Src\nARG F=x-$V\nADD https://h/$F.tgz /\n" + END, "src");
        plan("FROM scratch AS src\nADD https://h/r.git#main /\n" + END, "SRC");
        assertThat(images.dated)
                .containsExactly(
                        new Dated.Web("https://h/x-1.tgz", null),
                        new Dated.Repository(GitSource.parse("https://h/r.git#main")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FROM busybox AS s;ADD https://h/f / | SOURCE_DATE_EPOCH stage must use FROM scratch",
                "FROM scratch AS s | SOURCE_DATE_EPOCH stage must contain exactly one remote ADD",
                "FROM scratch AS s;ADD https://h/f /;ADD https://h/g / | SOURCE_DATE_EPOCH stage must contain exactly one remote ADD",
                "FROM scratch AS s;ADD https://h/f https://h/g / | SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source",
                "FROM scratch AS s;ADD f / | SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD",
                "FROM scratch AS s;ADD https://h/f /;ENV A=1 | SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported ENV instruction",
                "FROM scratch AS other | invalid SOURCE_DATE_EPOCH: s",
            })
    void aStageThatHasNoTime(String stage, String message) {
        assertThatThrownBy(() -> plan(stage.replace(';', '\n') + "\n" + END, "s"))
                .isInstanceOfSatisfying(DrydockException.class, fault -> {
                    assertThat(fault.text()).isEqualTo(message);
                    assertThat(fault.range().isPresent()).isEqualTo(!message.startsWith("invalid"));
                });
    }
}
