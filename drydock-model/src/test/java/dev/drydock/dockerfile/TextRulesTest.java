package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextRulesTest {
    private static List<String> findings(String text) {
        return findings(text, "");
    }

    private static List<String> findings(String text, String options) {
        List<String> findings = new ArrayList<>();
        DockerfileParser.parse("Dockerfile", text, checks(options, findings));
        return findings;
    }

    private static Checks checks(String options, List<String> findings) {
        return Checks.of(
                CheckOptions.parse(options),
                finding -> findings.add(finding.rule().title() + ": " + finding.detail() + " ("
                        + finding.range().startLine() + ")"));
    }

    @Test
    void everyRuleHasItsPage() {
        assertThat(Rule.JSON_ARGS_RECOMMENDED.url())
                .isEqualTo("https://docs.docker.com/go/dockerfile/rule/json-args-recommended/");
        assertThat(Rule.SECRETS_USED_IN_ARG_OR_ENV.url())
                .isEqualTo("https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/");
        assertThat(Rule.INVALID_BASE_IMAGE_PLATFORM.url()).isNull();
        for (Rule rule : Rule.values()) {
            assertThat(rule.title().toUpperCase(java.util.Locale.ROOT))
                    .isEqualTo(rule.name().replace("_", ""));
        }
    }

    @Test
    void continuationsComeFirstThenInstructionsThenTheFile() {
        assertThat(findings("""
                                FROM busybox:1.37 as base
                                maintainer joe
                                run echo \\

                                  x
                                USER x
                                """))
                .containsExactly(
                        "NoEmptyContinuation: Empty continuation line (5)",
                        "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (1)",
                        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (2)",
                        "ConsistentInstructionCasing: Command 'maintainer' should match the case of the command majority (uppercase) (2)",
                        "ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase) (3)");
    }

    @Test
    void findingsBeforeAFaultAreReported() {
        List<String> findings = new ArrayList<>();
        UserFault fault = catchThrowableOfType(
                UserFault.class,
                () -> DockerfileParser.parse(
                        "Dockerfile", "FROM a AS B\nRUN x \\\n\n y\nFOO\nMAINTAINER z\n", checks("", findings)));
        assertThat(fault.text()).contains("unknown instruction: FOO");
        assertThat(findings)
                .containsExactly(
                        "NoEmptyContinuation: Empty continuation line (4)",
                        "StageNameCasing: Stage name 'B' should be lowercase (1)");
    }

    @Test
    void wordsThatCannotBeAnInstructionAreLookedAt() {
        List<String> findings = new ArrayList<>();
        catchThrowableOfType(
                UserFault.class, () -> DockerfileParser.parse("f", "FROM a As 1B\n", checks("", findings)));
        catchThrowableOfType(
                UserFault.class, () -> DockerfileParser.parse("f", "FROM a\nmaintainer\n", checks("", findings)));
        assertThat(findings)
                .containsExactly(
                        "StageNameCasing: Stage name '1B' should be lowercase (1)",
                        "FromAsCasing: 'As' and 'FROM' keywords' casing do not match (1)",
                        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (2)");
    }

    @Test
    void mixedCaseIsFoundAndTheMajorityMayBeLower() {
        assertThat(findings("from a\nrun x\nRun y\nUSER z\n"))
                .containsExactly(
                        "ConsistentInstructionCasing: Command 'Run' should match the case of the command majority (lowercase) (3)",
                        "ConsistentInstructionCasing: Command 'USER' should match the case of the command majority (lowercase) (4)");
        assertThat(findings("arg x\nFROM a\n")).isEmpty();
        assertThat(findings("from a\nRUN x\n")).hasSize(1).first().asString().contains("'from'", "uppercase");
    }

    @Test
    void stageNamesAreChecked() {
        assertThat(findings("FROM a AS Base\nFROM a AS base\nFROM a AS scratch\nFROM a AS Context\nFrom a as x\n"))
                .containsExactly(
                        "StageNameCasing: Stage name 'Base' should be lowercase (1)",
                        "StageNameCasing: Stage name 'Context' should be lowercase (4)",
                        "DuplicateStageName: Duplicate stage name \"base\", stage names should be unique (2)",
                        "ReservedStageName: Stage name should not use the same name as reserved stage \"scratch\" (3)",
                        "ReservedStageName: Stage name should not use the same name as reserved stage \"context\" (4)",
                        "ConsistentInstructionCasing: Command 'From' should match the case of the command majority (uppercase) (5)");
    }

    @Test
    void theAsKeywordFollowsTheFromKeyword() {
        assertThat(findings("from a AS x\nfrom a as y\n"))
                .containsExactly("FromAsCasing: 'AS' and 'from' keywords' casing do not match (1)");
        assertThat(findings("FROM a As x\n"))
                .containsExactly("FromAsCasing: 'As' and 'FROM' keywords' casing do not match (1)");
    }

    @Test
    void descriptionsAreCheckedOnRequest() {
        String text = """
                # bar is here
                ARG foo=1

                # foo one
                ARG foo bar
                # any thing
                ARG foo bar
                # first
                # Base is it
                FROM a AS Base
                # no word about it
                FROM a
                # base
                #
                FROM a AS other
                """;
        assertThat(findings(text, "skip=StageNameCasing")).isEmpty();
        assertThat(findings(text, "skip=all;experimental=InvalidDefinitionDescription"))
                .containsExactly(
                        "InvalidDefinitionDescription: Comment for ARG should follow the format: `# foo <description>` (2)",
                        "InvalidDefinitionDescription: Comment for ARG should follow the format: `# <arg_key> <description>` (7)",
                        "InvalidDefinitionDescription: Comment for FROM should follow the format: `# base <description>` (10)");
        assertThat(findings(text, "experimental=all")).hasSize(4);
    }

    @Test
    void commentsAboveAnInstructionAreForThatOneOnly() {
        assertThat(findings("""
                                FROM a
                                # check=skip=MaintainerDeprecated
                                MAINTAINER x
                                MAINTAINER y
                                # about it
                                #  Check = skip=StageNameCasing,FromAsCasing more words
                                FROM a as B
                                # check=nonsense
                                FROM a AS C
                                # check=experimental=all
                                # d
                                FROM a AS e
                                """))
                .containsExactly(
                        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (4)",
                        "StageNameCasing: Stage name 'C' should be lowercase (9)",
                        "InvalidDefinitionDescription: Comment for FROM should follow the format: `# e <description>` (12)");
    }

    @Test
    void emptyContinuationLineIsFoundOnceAtTheEndOfTheInstruction() {
        assertThat(findings("FROM a\nRUN x \\\n\n\n  y\n"))
                .containsExactly("NoEmptyContinuation: Empty continuation line (5)");
        assertThat(findings("FROM a\nRUN x \\\n\n  y\n", "skip=NoEmptyContinuation"))
                .isEmpty();
    }
}
