package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.dockerfile.Finding;
import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What builders often get wrong, by the numbers of the reference's list: those that are decided before anything runs.
 * The others are in {@code OftenWrongIT}.
 */
class OftenWrongTest {
    private final List<Finding> findings = new ArrayList<>();

    private BuildPlan plan(String text) {
        return plan(text, Map.of());
    }

    private BuildPlan plan(String text, Map<String, String> buildArgs) {
        BuildOptions options = Requests.options(null, buildArgs);
        try {
            return new DockerfileFrontend()
                    .plan(new Definition("Dockerfile", text), options, new FakeImages(), findings::add);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ImageConfig.RunConfig config(String text) {
        return plan(text).config().config();
    }

    private String fault(String text) {
        DrydockException[] caught = new DrydockException[1];
        assertThatThrownBy(() -> plan(text)).isInstanceOfSatisfying(DrydockException.class, fault -> caught[0] = fault);
        return caught[0].text();
    }

    private static List<Op.Exec> runs(BuildPlan plan) {
        List<Op.Exec> runs = new ArrayList<>();
        for (Vertex vertex : plan.graph().vertices()) {
            if (vertex.op() instanceof Op.Exec exec) {
                runs.add(exec);
            }
        }
        return runs;
    }

    private Op.Exec run(String text) {
        return runs(plan(text)).getLast();
    }

    private static List<String> history(BuildPlan plan) {
        return plan.config().history().stream().map(History::createdBy).toList();
    }

    @Test
    void n01AnEscapeDirectiveAfterABlankLineIsAComment() {
        assertThat(config("\n# escape=`\nFROM busybox\nENV A=1\\\n2\n").env()).contains("A=12");
    }

    @Test
    void n02AnUnknownDirectiveEndsTheDirectives() {
        assertThat(config("# foo=bar\n# escape=`\nFROM busybox\nENV A=1\\\n2\n").env())
                .contains("A=12");
    }

    @Test
    void n03ASecondSyntaxDirectiveIsAFault() {
        assertThat(fault("# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:1\nFROM busybox\n"))
                .isEqualTo("only one syntax parser directive can be used");
    }

    @Test
    void n04ACommentBetweenContinuedLinesVanishes() {
        assertThat(run("FROM busybox\nRUN echo a \\\n# c\n  && echo b\n").meta().args())
                .containsExactly("/bin/sh", "-c", "echo a   && echo b");
    }

    @Test
    void n05SingleQuotesAreNotJson() {
        assertThat(config("FROM busybox\nCMD ['a','b']\n").cmd()).containsExactly("/bin/sh", "-c", "['a','b']");
    }

    @Test
    void n06ANumberInAJsonListIsAFault() {
        assertThat(fault("FROM busybox\nCMD [\"a\", 1]\n"))
                .isEqualTo("when using JSON array syntax, arrays must be comprised of strings only");
    }

    @Test
    void n07AnEnvLineSeesTheValuesFromBeforeIt() {
        assertThat(config("FROM busybox\nENV abc=hello\nENV abc=bye def=$abc\n").env())
                .containsSubsequence("abc=bye", "def=hello");
    }

    @Test
    void n08TheOldFormOfEnvTakesTheRestOfTheLine() {
        assertThat(config("FROM busybox\nENV a b=c d\n").env()).contains("a=b=c d");
    }

    @Test
    void n09WithinOneArgLineLaterNamesSeeEarlierOnes() {
        assertThat(run("FROM busybox\nARG a=1 b=$a\nRUN x\n").meta().env()).contains("a=1", "b=1");
    }

    @Test
    void n10AGlobalArgIsNotSeenByAStageThatDoesNotAskForIt() {
        assertThat(run("ARG V=1\nFROM busybox\nRUN echo $V\n").meta().env()).noneMatch(each -> each.startsWith("V="));
        assertThat(run("ARG V=1\nFROM busybox\nARG V\nRUN echo $V\n").meta().env())
                .contains("V=1");
    }

    @Test
    void n11AStagesOwnDefaultBeatsTheGlobalOne() {
        assertThat(run("ARG V=1\nFROM busybox\nARG V=2\nRUN echo $V\n").meta().env())
                .contains("V=2");
    }

    @Test
    void n12StageNamesAreLowerCaseForFromAndOfAnyCaseForCopy() {
        assertThat(fault("FROM busybox AS Build\nFROM Build\n")).contains("must be lowercase");
        BuildPlan plan = plan("FROM busybox AS Build\nRUN x\nFROM busybox\nCOPY --from=BUILD /a /b\n");
        assertThat(runs(plan)).hasSize(1);
    }

    @Test
    void n13AnEntrypointDropsTheInheritedCommand() {
        assertThat(config("FROM busybox:1.37\nENTRYPOINT [\"e\"]\n").cmd()).isNullOrEmpty();
        assertThat(config("FROM busybox:1.37\n").cmd()).containsExactly("sh");
    }

    @Test
    void n14ACommandOfTheSameStageStays() {
        ImageConfig.RunConfig config = config("FROM busybox\nCMD [\"c\"]\nENTRYPOINT [\"e\"]\n");
        assertThat(config.cmd()).containsExactly("c");
        assertThat(config.entrypoint()).containsExactly("e");
    }

    @Test
    void n23AModeThatIsNotOctalIsAFault() {
        assertThat(fault("FROM busybox\nCOPY --chmod=999 a /b\n"))
                .isEqualTo("invalid chmod parameter: '999'. it should be octal string and between 0 and 07777");
    }

    @Test
    void n32PortsAreSortedAndProtocolsLowered() {
        BuildPlan plan = plan("FROM busybox\nEXPOSE 443 80 80/UDP\n");
        assertThat(plan.config().config().exposedPorts()).containsExactly("443/tcp", "80/tcp", "80/udp");
        assertThat(history(plan)).last().isEqualTo("EXPOSE [443/tcp 80/tcp 80/udp]");
    }

    @Test
    void n33RelativeWorkdirsNest() {
        BuildPlan plan = plan("FROM nopath\nWORKDIR a\nWORKDIR b\n");
        assertThat(plan.config().config().workingDir()).isEqualTo("/a/b");
        assertThat(plan.config().history().subList(1, 3)).noneMatch(History::emptyLayer);
        assertThat(history(plan)).endsWith("WORKDIR /a", "WORKDIR /a/b");
    }

    @Test
    void n35AnUnknownSignalIsAFault() {
        assertThat(fault("FROM busybox\nSTOPSIGNAL FOO\n")).isEqualTo("invalid signal: FOO");
    }

    @Test
    void n36AHealthcheckIntervalHasAMinimum() {
        assertThat(fault("FROM busybox\nHEALTHCHECK --interval=0.5ms CMD x\n"))
                .contains("Interval \"interval\" cannot be less than 1ms");
    }

    @Test
    void n38AnImageMayHaveNoLayerAtAll() {
        BuildPlan plan = plan("FROM scratch\nCMD [\"/a\"]\n");
        assertThat(plan.target()).isNull();
        assertThat(plan.config().config().cmd()).containsExactly("/a");
    }

    @Test
    void n45AStageWithoutANameHasANumber() {
        assertThat(runs(plan("FROM busybox\nRUN x\nFROM busybox\nCOPY --from=0 /a /b\n")))
                .hasSize(1);
    }

    @Test
    void n46OfTwoStagesWithOneNameTheSecondIsMeant() {
        BuildPlan plan =
                plan("FROM busybox AS x\nRUN one\nFROM busybox AS x\nRUN two\nFROM busybox\nCOPY --from=x /a /b\n");
        assertThat(runs(plan))
                .singleElement()
                .satisfies(run -> assertThat(run.meta().args()).endsWith("two"));
        assertThat(findings)
                .extracting(Finding::detail)
                .contains("Duplicate stage name \"x\", stage names should be unique");
    }
}
