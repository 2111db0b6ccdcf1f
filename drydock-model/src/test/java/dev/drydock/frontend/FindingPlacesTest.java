package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where each rule's findings lie: as in BuildKit, the whole instruction, but for lines that are empty. */
class FindingPlacesTest {
    private static final List<String[]> CASES = List.of(
            new String[] {"FROM base:1 AS Foo⏎RUN x", "StageNameCasing 1"},
            new String[] {"from \\⏎ base:1 AS a⏎run x", "FromAsCasing 1-2"},
            new String[] {"FROM base:1⏎RUN a \\⏎⏎  b", "NoEmptyContinuation 4"},
            new String[] {"FROM base:1⏎run a \\⏎ b⏎RUN c⏎RUN d", "ConsistentInstructionCasing 2-3"},
            new String[] {"FROM base:1 AS a⏎RUN x⏎FROM base:1 AS \\⏎ a", "DuplicateStageName 3-4"},
            new String[] {"FROM base:1 AS context", "ReservedStageName 1"},
            new String[] {"FROM base:1⏎CMD a \\⏎ b", "JSONArgsRecommended 2-3"},
            new String[] {"FROM base:1⏎MAINTAINER \\⏎ me", "MaintainerDeprecated 2-3"},
            new String[] {"FROM base:1⏎FROM \\⏎ base:${X:-1}", "UndefinedArgInFrom 2-3"},
            new String[] {"FROM base:1⏎WORKDIR \\⏎ a", "WorkdirRelativePath 2-3"},
            new String[] {"FROM base:1⏎ENV A=1 \\⏎ B=$C", "UndefinedVar 2-3"},
            new String[] {"FROM base:1⏎COPY <<E /⏎$X⏎E", "UndefinedVar 2-4"},
            new String[] {"FROM base:1⏎CMD [\"a\", \\⏎ \"b\"]⏎RUN x⏎CMD [\"b\"]", "MultipleInstructionsDisallowed 2-3"},
            new String[] {"FROM base:1⏎ENV A \\⏎ b", "LegacyKeyValueFormat 2-3"},
            new String[] {"FROM base:1⏎FROM armonly", "InvalidBaseImagePlatform 2"},
            new String[] {"FROM --platform=$TARGETPLATFORM \\⏎ base:1", "RedundantTargetPlatform 1-2"},
            new String[] {"FROM base:1⏎ARG X=1 \\⏎ TOKEN", "SecretsUsedInArgOrEnv 2-3"},
            new String[] {"ARG X⏎FROM \\⏎ base:$X", "InvalidDefaultArgInFrom 2-3"},
            new String[] {"FROM base:1⏎FROM --platform=linux/amd64 base:1", "FromPlatformFlagConstDisallowed 2"},
            new String[] {"FROM base:1⏎COPY a \\⏎ /", "CopyIgnoredFile 2-3"},
            new String[] {"# check=experimental=all⏎FROM base:1⏎# nope⏎ARG foo=1", "InvalidDefinitionDescription 4"},
            new String[] {"FROM base:1⏎EXPOSE \\⏎ 80/TCP", "ExposeProtoCasing 2-3"},
            new String[] {"FROM base:1⏎EXPOSE \\⏎ 1:2", "ExposeInvalidFormat 2-3"});

    private static Set<String> findings(String text) throws InterruptedException {
        FakeImages images = new FakeImages();
        images.put("base:1", "\"Env\":[\"PATH=/bin\"]");
        BuildOptions usual = Requests.options();
        BuildOptions options = new BuildOptions(
                null,
                usual.buildArgs(),
                usual.labels(),
                usual.buildPlatform(),
                usual.targetPlatform(),
                List.of("a"),
                usual.noCache(),
                usual.noCacheStages(),
                usual.networkMode(),
                usual.extraHosts(),
                usual.ulimits(),
                usual.shmSize(),
                usual.cgroupParent(),
                usual.contexts());
        Set<String> found = new TreeSet<>();
        for (Finding each : new DockerfileFrontend()
                .check(new Frontend.Definition("Dockerfile", text.replace('⏎', '\n')), options, images)
                .findings()) {
            int start = each.range().startLine();
            int end = each.range().endLine();
            found.add(each.rule().title() + " " + start + (end > start ? "-" + end : ""));
        }
        return found;
    }

    @Test
    void everyRulesFindingsAreTheirInstructions() throws InterruptedException {
        for (String[] each : CASES) {
            assertThat(findings(each[0])).as(each[0]).containsExactly(each[1]);
        }
    }

    @Test
    void everyRuleHasACase() {
        List<String> named = new ArrayList<>();
        for (String[] each : CASES) {
            named.add(each[1].substring(0, each[1].indexOf(' ')));
        }
        assertThat(named)
                .containsAll(EnumSet.allOf(Rule.class).stream().map(Rule::title).toList());
    }
}
