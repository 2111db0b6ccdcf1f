package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextChecksTest {
    private static List<String> findings(String text) {
        return DockerfileParser.parse("Dockerfile", text).findings().stream()
                .map(finding -> finding.rule() + ": " + finding.message() + " ("
                        + finding.range().startLine() + ")")
                .toList();
    }

    @Test
    void findingsComeInTheOrderOfTheFile() {
        assertThat(findings("""
                                FROM busybox:1.37 as base
                                maintainer joe
                                ENV KEY value
                                run echo $UNDEFINED
                                CMD echo hi
                                FROM base
                                COPY --from=base /etc/passwd .
                                """))
                .containsExactly(
                        "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (1)",
                        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (2)",
                        "ConsistentInstructionCasing: Command 'maintainer' should match the case of the command majority (uppercase) (2)",
                        "LegacyKeyValueFormat: \"ENV key=value\" should be used instead of legacy \"ENV key value\" format (3)",
                        "ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase) (4)",
                        "JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (5)");
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
        assertThat(findings("FROM a AS Base\nFROM a AS base\nFROM a AS scratch\nFrom a as x\n"))
                .containsExactly(
                        "StageNameCasing: Stage name 'Base' should be lowercase (1)",
                        "DuplicateStageName: Duplicate stage name \"base\", stage names should be unique (2)",
                        "ReservedStageName: Stage name should not use the same name as reserved stage \"scratch\" (3)",
                        "ConsistentInstructionCasing: Command 'From' should match the case of the command majority (uppercase) (4)");
    }

    @Test
    void onlyTheLastOfSomeInstructionsCounts() {
        assertThat(
                        findings(
                                "FROM a\nCMD [\"x\"]\nCMD [\"y\"]\nENTRYPOINT [\"e\"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD x\nFROM a\nCMD [\"z\"]\n"))
                .containsExactly(
                        "MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used (2)",
                        "MultipleInstructionsDisallowed: Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one will be used (5)");
    }

    @Test
    void shellThatWasChosenExcusesTheShellForm() {
        assertThat(findings("FROM a AS b\nSHELL [\"/bin/bash\", \"-c\"]\nCMD x\nFROM b\nENTRYPOINT x\n"))
                .isEmpty();
        assertThat(findings("FROM a\nCMD ['a']\n")).hasSize(1);
    }

    @Test
    void emptyContinuationLineIsFoundAtTheEndOfTheInstruction() {
        assertThat(findings("FROM a\nRUN x \\\n\n  y\n"))
                .containsExactly("NoEmptyContinuation: Empty continuation line (4)");
    }
}
