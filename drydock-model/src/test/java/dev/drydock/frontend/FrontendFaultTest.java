package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages and their lines are those of the reference's transcripts. */
class FrontendFaultTest {
    private static final String BASE = "FROM busybox:1.37\n";

    private static DrydockException fault(String text, BuildOptions options) {
        DrydockException fault = catchThrowableOfType(
                DrydockException.class,
                () -> new DockerfileFrontend()
                        .plan(new Frontend.Definition("Dockerfile", text), options, new FakeImages(), _ -> {}));
        assertThat(fault).as(text).isNotNull();
        return fault;
    }

    private static DrydockException fault(String text) {
        return fault(text, Requests.options());
    }

    private static int line(DrydockException fault) {
        return fault.range().map(SourceRange::startLine).orElse(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXPOSE abc | invalid containerPort: abc",
                "EXPOSE 80/x | invalid port: \"80/x\": invalid proto: x",
                "EXPOSE /tcp | invalid port: \"/tcp\": no port specified",
                "EXPOSE 1:2:3 | invalid IP address: 1",
                "EXPOSE x:80 | invalid hostPort: x",
                "EXPOSE 1-2:3-5 | invalid ranges specified for container and host Ports: 3-5 and 1-2",
                "EXPOSE 1- | invalid containerPort: 1-",
                "COPY --from=-1 a / | invalid stage index -1",
                "RUN --mount=type=cache x | invalid mount target \"/\"",
                "EXPOSE 70000 | invalid containerPort: 70000",
                "EXPOSE 90-80 | invalid containerPort: 90-80",
                "STOPSIGNAL FOO | invalid signal: FOO",
                "COPY --chmod=999 a b | invalid chmod parameter: '999'. it should be octal string and between 0 and 07777",
                "COPY --chmod=10000 a b | invalid chmod parameter: '10000'. it should be octal string and between 0 and 07777",
                "COPY --chmod=rwx a b | invalid chmod parameter: 'rwx': invalid syntax",
                "COPY --chmod=644,u+x a b | invalid chmod parameter: '644,u+x'. it should be octal string and between 0 and 07777",
                "COPY --chmod=-1 a b | invalid chmod parameter: '-1': invalid syntax",
                "COPY https://x/y / | source can't be a URL for COPY",
                "COPY https://x/y.git / | source can't be a git ref for COPY",
                "COPY --from=7 a / | invalid stage index 7",
                "COPY --from=0 a / | circular dependency detected on stage: stage-0",
                "COPY --from=$X a / | variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround",
                "ADD --checksum=sha256:x a b / | checksum can't be specified for multiple sources",
                "ADD --checksum=sha256:x a / | checksum requires HTTP(S) or Git sources",
                "RUN --mount=type=foo,target=/x true | unsupported mount type \"foo\"",
                "RUN --mount=type=bind,target=/ true | invalid mount target \"/\"",
                "VOLUME $X | VOLUME specified can not be an empty string",
                "HEALTHCHECK --interval=0.5ms CMD x | dockerfile parse error on line 2: Interval \"interval\" cannot be less than 1ms",
                "HEALTHCHECK --interval=5 CMD true | dockerfile parse error on line 2: time: missing unit in duration \"5\"",
                "RUN [] | failed to marshal LLB definition: arguments are required",
                "RUM echo hi | dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)",
                "COPY --from=nostage /a /b | nostage: failed to resolve source metadata for docker.io/library/nostage:latest: docker.io/library/nostage:latest: not found",
                "ENV A=${B | failed to process \"${B\": unsupported modifier (\uFFFD) in substitution",
            })
    void theSecondLineIsWrong(String line, String message) {
        DrydockException fault = fault(BASE + line + "\n");
        assertThat(fault.text()).isEqualTo(message);
        assertThat(line(fault)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FROM Busybox:1.37 | 1 | failed to parse stage name \"Busybox:1.37\": invalid reference format: repository name (library/Busybox) must be lowercase",
                "ARG V=1.37~FROM busybox:${VV} | 2 | failed to parse stage name \"busybox:\": invalid reference format",
                "FROM $X | 1 | base name ($X) should not be blank",
                "FROM nosuchimage~RUN true | 1 | nosuchimage: failed to resolve source metadata for docker.io/library/nosuchimage:latest: docker.io/library/nosuchimage:latest: not found",
                "FROM busyboxx | 1 | busyboxx: failed to resolve source metadata for docker.io/library/busyboxx:latest: docker.io/library/busyboxx:latest: not found (did you mean busybox?)",
                "FROM busybox AS build~FROM scratch~COPY --from=biuld / / | 3 | biuld: failed to resolve source metadata for docker.io/library/biuld:latest: docker.io/library/biuld:latest: not found (did you mean build?)",
                "FROM busybox AS Build~FROM Build | 2 | failed to parse stage name \"Build\": invalid reference format: repository name (library/Build) must be lowercase",
                "FROM --platform=$NO busybox | 1 | empty platform value from expression $NO",
                "FROM --platform=foo busybox | 1 | failed to parse platform foo: \"foo\": unknown operating system or architecture: invalid argument",
                "FROM busybox AS a~COPY --from=b / /~FROM busybox AS b~COPY --from=a / / | 2 | circular dependency detected on stage: a",
                "FROM busybox AS a~COPY --from=b / /~FROM busybox AS b~FROM a | 2 | cannot copy from stage \"b\", it needs to be defined before current stage \"a\"",
                "FROM busybox AS a~RUN --mount=from=a,target=/a x | 2 | circular dependency detected on stage: a",
                "FROM busybox AS a~COPY --from=9 / /~FROM busybox~RUN x | 2 | invalid stage index 9",
                "FROM busybox AS a~RUN --mount=from=b,target=/b x~FROM a AS b~RUN y~FROM b | 2 | cannot mount from stage \"b\" to \"/b\", stage needs to be defined before current command",
                "FROM scratch~COPY --chown=app a / | 2 | invalid user index: -1",
                "FROM app~COPY --link --chown=app a / | 2 | invalid user index: -1",
                "FROM scratch~USER app~WORKDIR /w | 3 | invalid user index: -1",
                "RUN x | 1 | no build stage in current context",
                "FROM busybox~RUM x~ENV alone | 3 | ENV must have two arguments",
                "RUN x~FROM busybox~ENV a=b c | 3 | Syntax error - can't find = in \"c\". Must be of the form: name=value",
                "FROM busybox~ONBUILD LABEL x | 2 | LABEL must have two arguments",
                "FROM busybox~RUM x~CMD [1] | 3 | when using JSON array syntax, arrays must be comprised of strings only",
                "FROM busybox~RUM x~HEALTHCHECK CMD [1] | 3 | when using JSON array syntax, arrays must be comprised of strings only",
                "FROM busybox:~FROM busybox | 1 | failed to parse stage name \"busybox:\": invalid reference format",
                "FROM busybox AS a~COPY --from=b: / /~FROM busybox | 2 | failed to parse stage name \"b:\": invalid reference format",
                "FROM busybox@sha256:0123456789abcdef0123456789abcdef | 1 | failed to parse stage name \"busybox@sha256:0123456789abcdef0123456789abcdef\": invalid checksum digest length",
                "FROM --platform=linux/$NO busybox | 1 | failed to parse platform linux/$NO: \"\" is an invalid component of \"linux/\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument",
            })
    void theFileIsWrong(String text, int line, String message) {
        DrydockException fault = fault(text.replace('~', '\n') + "\n");
        assertThat(fault).isInstanceOf(UserFault.class);
        assertThat(fault.text()).isEqualTo(message);
        assertThat(line(fault)).isEqualTo(line);
    }

    @Test
    void anUnknownTargetPointsAtTheFirstLineAndNamesTheStages() {
        DrydockException fault =
                fault("FROM busybox AS build\nFROM build AS test\n", Requests.options("tets", Map.of()));
        assertThat(fault.text()).isEqualTo("target stage \"tets\" could not be found (did you mean test?)");
        assertThat(line(fault)).isEqualTo(1);
        assertThat(fault.hints()).containsExactly("Stages with a name: build, test.");
    }

    @Test
    void hintsOfTheResolverAreKeptAndTheImageThatFailsIsFound() {
        DrydockException fault = fault("FROM busybox AS a\nFROM nosuch\nCOPY --from=a / /\n");
        assertThat(fault.text()).startsWith("nosuch: failed to resolve source metadata");
        assertThat(line(fault)).isEqualTo(2);
        assertThat(fault.hints()).containsExactly("Import it.");
    }

    @Test
    void stagesThatTheTargetDoesNotNeedAreNotLookedAt() throws InterruptedException {
        FakeImages images = new FakeImages();
        BuildPlan plan = new DockerfileFrontend()
                .plan(
                        new Frontend.Definition(
                                "Dockerfile", "FROM nosuch AS a\nCOPY --from=nowhere / /\nFROM busybox\nRUN x\n"),
                        Requests.options("", Map.of()),
                        images,
                        _ -> {});
        assertThat(plan.steps()).hasSize(2);
        assertThat(images.missing).isEmpty();
    }

    @Test
    void allImagesArePinnedAtOnceAndTriggersMakeAnotherRound() throws InterruptedException {
        FakeImages images = new FakeImages();
        String text = "FROM busybox AS a\nFROM app AS b\nFROM triggers\nCOPY --from=a / /\nRUN --mount=from=b,target=/b"
                + " --mount=from=nopath,target=/n x\nCOPY --from=busybox:latest / /\n";
        BuildPlan plan = new DockerfileFrontend()
                .plan(new Frontend.Definition("Dockerfile", text), Requests.options("", Map.of()), images, _ -> {});
        assertThat(plan.base()).isNotNull();
        assertThat(images.rounds).hasSize(2);
        assertThat(images.rounds.getFirst())
                .containsExactlyInAnyOrder(
                        "triggers:latest linux/amd64",
                        "busybox:latest linux/amd64",
                        "app:latest linux/amd64",
                        "nopath:latest linux/amd64");
        assertThat(images.rounds.getLast()).containsExactly("alpine:3.18 linux/amd64");
    }

    @Test
    void checksCanBeMadeFatalAndSkipped() {
        String text = "# check=error=true\nFROM busybox as a\nWORKDIR x\n";
        assertThat(fault(text).text()).isEqualTo("lint violation found for rules: FromAsCasing, WorkdirRelativePath");
        Map<String, String> args = new LinkedHashMap<>();
        args.put("BUILDKIT_DOCKERFILE_CHECK", "skip=FromAsCasing;error=true");
        assertThat(fault(text, Requests.options("", args)).text())
                .isEqualTo("lint violation found for rules: WorkdirRelativePath");
        assertThat(fault("# check=foo=1\nFROM busybox\n").text())
                .isEqualTo("failed to parse check options: invalid check option \"foo\"");
    }

    @Test
    void anEpochIsANumber() {
        assertThat(fault(BASE, Requests.options("", Map.of("SOURCE_DATE_EPOCH", "noon")))
                        .text())
                .isEqualTo("invalid SOURCE_DATE_EPOCH: noon");
    }

    @Test
    void lineNumbersAreThoseOfTheFile() {
        List<String> lines = List.of("# comment", "", "FROM busybox", "RUN a \\", "  b", "EXPOSE x");
        assertThat(line(fault(String.join("\n", lines)))).isEqualTo(6);
    }
}
