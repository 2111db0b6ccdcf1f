package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Rule;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule that needs values: when it speaks, in which words, where, and when it does not. */
class CheckRulesTest {
    private final Map<String, String> buildArgs = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    private List<Finding> check(String text) {
        List<Finding> findings = new ArrayList<>();
        Platform amd64 = new Platform("linux", "amd64");
        BuildOptions none = BuildOptions.defaults(amd64);
        BuildOptions options = new BuildOptions(
                null,
                buildArgs,
                none.labels(),
                amd64,
                amd64,
                ignored,
                none.noCache(),
                none.noCacheStages(),
                none.networkMode(),
                none.extraHosts(),
                none.ulimits(),
                0,
                null,
                NamedContexts.NONE);
        try {
            new DockerfileFrontend()
                    .plan(new Frontend.Definition("Dockerfile", text), options, new FakeImages(), findings::add);
        } catch (DrydockException fault) {
            findings.add(new Finding(
                    Rule.NO_EMPTY_CONTINUATION,
                    "FAULT " + fault.text(),
                    fault.range().orElse(SourceRange.lines("Dockerfile", 1, 1))));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return findings;
    }

    private List<String> lines(String text) {
        return check(text.replace('~', '\n')).stream()
                .map(finding -> finding.rule().title() + " " + finding.range().startLine() + " " + finding.detail())
                .toList();
    }

    /** What follows a FROM of busybox gives exactly this finding on line 2; {@code -} stands for none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "CMD x | JSONArgsRecommended 2 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals",
                "cmd x~run y | -1",
                "ENTRYPOINT x | JSONArgsRecommended 2 JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals",
                "CMD ['a'] | JSONArgsRecommended 2 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals",
                "CMD [\"a\"] | -",
                "RUN x | -",
                "HEALTHCHECK CMD x | -",
                "SHELL [\"/bin/sh\", \"-ec\"]~CMD x | -",
                "WORKDIR a~WORKDIR b | WorkdirRelativePath 2 Relative workdir \"a\" can have unexpected results if the base image changes",
                "WORKDIR $HOMES | -2",
                "WORKDIR /a~WORKDIR b | -",
                "ENV a b | LegacyKeyValueFormat 2 \"ENV key=value\" should be used instead of legacy \"ENV key value\" format",
                "LABEL a b | LegacyKeyValueFormat 2 \"LABEL key=value\" should be used instead of legacy \"LABEL key value\" format",
                "LABEL a=b | -",
                "ENV API_KEY=x | SecretsUsedInArgOrEnv 2 Do not use ARG or ENV instructions for sensitive data (ENV \"API_KEY\")",
                "ARG api_key | SecretsUsedInArgOrEnv 2 Do not use ARG or ENV instructions for sensitive data (ARG \"api_key\")",
                "ENV key=x | SecretsUsedInArgOrEnv 2 Do not use ARG or ENV instructions for sensitive data (ENV \"key\")",
                "ENV A_APIKEY_B=x | SecretsUsedInArgOrEnv 2 Do not use ARG or ENV instructions for sensitive data (ENV \"A_APIKEY_B\")",
                "ENV KEYBOARD=x MONKEY=y PASSWORDS=z TOKENS=x | -",
                "ENV PUBLIC_KEY=x KEY_FILE=y TOKEN_VERSION=z | -",
                "LABEL secret=x | -",
                "ENV A=$B | UndefinedVar 2 Usage of undefined variable '$B'",
                "ENV A=${B:-x} | UndefinedVar 2 Usage of undefined variable '$B'",
                "ENV A=$PAHT | UndefinedVar 2 Usage of undefined variable '$PAHT' (did you mean $PATH?)",
                "ENV A=$PATH | -",
                "ENV A='$B' | -",
                "ARG B~ENV A=$B | -",
                "ARG B=$C | UndefinedVar 2 Usage of undefined variable '$C'",
                "USER $U | UndefinedVar 2 Usage of undefined variable '$U'",
                "COPY $X / | UndefinedVar 2 Usage of undefined variable '$X'",
                "COPY <<E /~$X~E | UndefinedVar 2 Usage of undefined variable '$X'",
                "COPY <<'E' /~$X~E | -",
                "RUN echo $X | -",
                "RUN --mount=target=/a$X y | UndefinedVar 2 Usage of undefined variable '$X'",
                "CMD [\"$X\"] | -",
                "ENV A=$BUILDKIT_SBOM_SCAN_STAGE | -",
                "EXPOSE 80/TCP | ExposeProtoCasing 2 Defined protocol '80/TCP' in EXPOSE instruction should be lowercase",
                "EXPOSE 8080:80 | ExposeInvalidFormat 2 EXPOSE instruction should not define an IP address or host-port mapping, found '8080:80'",
                "EXPOSE 127.0.0.1:8080:80 | ExposeInvalidFormat 2 EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:8080:80'",
                "EXPOSE 80 80/udp 90-91/sctp [::1]:80:80 1.2.3.4:5-9:7 | -3",
                "VOLUME $A /b | UndefinedVar 2 Usage of undefined variable '$A' ; FAULT VOLUME specified can not be an empty string",
                "ENV A=${B:?} | UndefinedVar 2 Usage of undefined variable '$B' ; FAULT failed to process \"${B:?}\": B: is not allowed to be unset",
                "EXPOSE 1.2.3:4:5 | ExposeInvalidFormat 2 EXPOSE instruction should not define an IP address or host-port mapping, found '1.2.3:4:5' ; FAULT invalid IP address: 1.2.3",
                "CMD [\"a\"]~CMD [\"b\"] | MultipleInstructionsDisallowed 2 Multiple CMD instructions should not be used in the same stage because only the last one will be used",
                "ENTRYPOINT [\"a\"]~ENTRYPOINT [\"b\"] | MultipleInstructionsDisallowed 2 Multiple ENTRYPOINT instructions should not be used in the same stage because only the last one will be used",
                "HEALTHCHECK NONE~HEALTHCHECK CMD x | MultipleInstructionsDisallowed 2 Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one will be used",
                "CMD [\"a\"]~FROM busybox~CMD [\"b\"] | -",
            })
    void theSecondLine(String line, String finding) {
        List<String> findings = lines("FROM busybox~" + line);
        if (finding == null) {
            assertThat(findings).isEmpty();
        } else if (finding.equals("-1")) {
            assertThat(findings)
                    .contains(
                            "JSONArgsRecommended 2 JSON arguments recommended for cmd to prevent unintended behavior related to OS signals");
        } else if (finding.equals("-2")) {
            assertThat(findings)
                    .containsExactly(
                            "UndefinedVar 2 Usage of undefined variable '$HOMES'",
                            "WorkdirRelativePath 2 Relative workdir \"\" can have unexpected results if the base image changes");
        } else if (finding.equals("-3")) {
            assertThat(findings).hasSize(2).allMatch(text -> text.startsWith("ExposeInvalidFormat"));
        } else {
            assertThat(String.join(" ; ", findings).replace("NoEmptyContinuation 2 FAULT", "FAULT"))
                    .isEqualTo(finding);
        }
    }

    /** Whole files; {@code -} stands for no finding, a fault shows as one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "FROM busybox:$V | InvalidDefaultArgInFrom 1 Default value for ARG busybox:$V results in empty or invalid base image name ; UndefinedArgInFrom 1 FROM argument 'V' is not declared ; NoEmptyContinuation 1 FAULT failed to parse stage name \"busybox:\": invalid reference format",
                "FROM Busybox | InvalidDefaultArgInFrom 1 Default value for ARG Busybox results in empty or invalid base image name ; NoEmptyContinuation 1 FAULT failed to parse stage name \"Busybox\": invalid reference format: repository name (library/Busybox) must be lowercase",
                "ARG V~FROM busybox${V:+:$V} | -",
                "ARG V=1.37~FROM busybox:$V | -",
                "ARG VERS=1~FROM busybox:${VER:-1.37} | UndefinedArgInFrom 2 FROM argument 'VER' is not declared (did you mean VERS?)",
                "ARG VERS~FROM busybox:${VER:-1.37} | UndefinedArgInFrom 2 FROM argument 'VER' is not declared (did you mean VERS?)",
                "FROM --platform=$TARGETPLATFORM busybox | RedundantTargetPlatform 1 Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
                "FROM --platform=${TARGETPLATFORM} busybox | RedundantTargetPlatform 1 Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default behavior",
                "FROM --platform=$TARGETOS/$TARGETARCH busybox | -",
                "FROM --platform=$BUILDPLATFORM busybox | -",
                "FROM --platform=linux/amd64 busybox | FromPlatformFlagConstDisallowed 1 FROM --platform flag should not use constant value \"linux/amd64\"",
                "FROM --platform=linux/amd64 busybox AS x-amd64 | -",
                "FROM --platform=linux/amd64 busybox AS linux | -",
                "FROM --platform=linux/amd64 busybox AS arm64 | FromPlatformFlagConstDisallowed 1 FROM --platform flag should not use constant value \"linux/amd64\"",
                "FROM armonly | InvalidBaseImagePlatform 1 Base image armonly was pulled with platform \"linux/arm64\", expected \"linux/amd64\" for current build",
                "FROM bash~CMD x | -",
                "FROM busybox AS a~SHELL [\"/bin/bash\", \"-c\"]~FROM a~CMD x | -",
                "FROM busybox AS a~WORKDIR b~FROM a~WORKDIR c | WorkdirRelativePath 2 Relative workdir \"b\" can have unexpected results if the base image changes",
                "FROM busybox AS a~ARG X~FROM a~ENV Y=$X | -",
                "FROM busybox AS unused~CMD x~FROM busybox~RUN y | -",
                "# check=skip=UndefinedVar~FROM busybox~USER $U | -",
                "FROM busybox~# check=skip=UndefinedVar~USER $U~USER $U | UndefinedVar 4 Usage of undefined variable '$U'",
                "FROM busybox~CMD [\"a\"]~# check=skip=MultipleInstructionsDisallowed~CMD [\"b\"] | -",
                "# check=skip=FromPlatformFlagConstDisallowed~FROM --platform=linux/amd64 busybox | -",
                "ARG X~# check=skip=FromPlatformFlagConstDisallowed~FROM --platform=linux/amd64 busybox | -",
            })
    void theFile(String text, String findings) {
        assertThat(String.join(" ; ", lines(text))).isEqualTo(findings == null ? "" : findings);
    }

    @Test
    void aGivenPlatformIsNotRedundant() {
        buildArgs.put("TARGETPLATFORM", "linux/arm64");
        assertThat(lines("FROM --platform=$TARGETPLATFORM busybox"))
                .containsExactly(
                        "RedundantTargetPlatform 1 Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior");
        buildArgs.clear();
        assertThat(lines("FROM --platform=${TARGETPLATFORM#x}${BUILDOS#linux} busybox"))
                .isEmpty();
    }

    @Test
    void defaultsAreCheckedWithoutTheBuildArguments() {
        buildArgs.put("V", "1.37");
        assertThat(lines("ARG V~FROM busybox:$V"))
                .containsExactly(
                        "InvalidDefaultArgInFrom 2 Default value for ARG busybox:$V results in empty or invalid base image name");
    }

    /** Sources of COPY under ignore patterns; {@code -} stands for no finding. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "foo | COPY foo / | Attempting to Copy file \"foo\" that is excluded by .dockerignore",
                "foo | ADD ./foo/ / | Attempting to Add file \"foo\" that is excluded by .dockerignore",
                "foo | COPY foo/bar / | Attempting to Copy file \"foo/bar\" that is excluded by .dockerignore",
                "*.md | COPY a.md / | Attempting to Copy file \"a.md\" that is excluded by .dockerignore",
                "* | COPY . / | Attempting to Copy file \".\" that is excluded by .dockerignore",
                "**/* | COPY . / | Attempting to Copy file \".\" that is excluded by .dockerignore",
                "foo | COPY . / | -",
                "foo | COPY bar / | -",
                "foo,!foo/bar | COPY foo / | -",
                "foo | COPY --from=busybox foo / | -",
                "foo | ADD https://foo/foo / | -",
                "foo | COPY <<foo /~x~foo | -",
            })
    void ignoredSources(String patterns, String line, String detail) {
        ignored.addAll(List.of(patterns.split(",")));
        List<String> findings = lines("FROM busybox~" + line);
        assertThat(findings).isEqualTo(detail == null ? List.of() : List.of("CopyIgnoredFile 2 " + detail));
    }

    @Test
    void findingsCanBeErrors() {
        buildArgs.put("BUILDKIT_DOCKERFILE_CHECK", "error=true");
        assertThat(lines("# check=skip=all~FROM busybox as a~WORKDIR x"))
                .hasSize(3)
                .last()
                .isEqualTo("NoEmptyContinuation 1 FAULT lint violation found for rules: FromAsCasing,"
                        + " WorkdirRelativePath");
    }
}
