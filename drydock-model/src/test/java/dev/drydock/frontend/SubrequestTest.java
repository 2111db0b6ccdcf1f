package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.dockerfile.Finding;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers about a Dockerfile; what they hold was taken down from BuildKit. */
class SubrequestTest {
    private static final String STAGES = """
            # VERSION is the base image version
            ARG VERSION=1
            ARG OTHER=x
            # DEP y
            ARG DEP=$OTHER-y
            # base holds the tools
            FROM scratch AS base
            # WHO is greeted
            ARG WHO=world
            ARG VERSION
            RUN --mount=type=cache,target=/c --mount=type=secret,id=tok --mount=type=ssh,id=s,required=true echo "hello $WHO"
            # test runs the tests
            FROM base AS test
            ARG DEP
            ARG EMPTY
            ARG WHO
            ARG SECOND=$WHO THIRD
            RUN --mount=type=secret,id=token,required=true,env=X test -s /run/secrets/token && echo tested
            FROM scratch AS lib
            ARG LIB=<&>
            FROM base AS Debug
            COPY --from=lib / /
            FROM scratch
            COPY --from=test / /
            """;

    private final DockerfileFrontend frontend = new DockerfileFrontend();
    private final Map<String, String> buildArgs = new LinkedHashMap<>();

    private static Definition definition(String text) {
        return new Definition("Dockerfile", text);
    }

    private Outline outline(String target) throws InterruptedException {
        return frontend.outline(definition(STAGES), Requests.options(target, buildArgs), new FakeImages());
    }

    private static List<String> args(Outline outline) {
        return outline.args().stream()
                .map(arg -> arg.name() + "=" + arg.value() + " " + arg.description())
                .map(String::strip)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-     | VERSION=1 is the base image version; OTHER=x; DEP=x-y y; EMPTY=; WHO=; SECOND=world; THIRD= | tok, token! | s!",
                "test  | VERSION=1 is the base image version; OTHER=x; DEP=x-y y; EMPTY=; WHO=; SECOND=world; THIRD= | tok, token! | s!",
                "DEBUG | VERSION=1 is the base image version; WHO=world is greeted; LIB=<&> | tok | s!",
                "base  | VERSION=1 is the base image version; WHO=world is greeted | tok | s!",
                "lib   | LIB=<&> | - | -",
            })
    void anOutlineHoldsWhatTheTargetNeeds(String target, String args, String secrets, String agents)
            throws InterruptedException {
        Outline outline = outline(target);
        assertThat(String.join("; ", args(outline))).isEqualTo(args);
        assertThat(names(outline.secrets())).isEqualTo(secrets);
        assertThat(names(outline.agents())).isEqualTo(agents);
    }

    private static String names(List<Outline.Secret> secrets) {
        return secrets.isEmpty()
                ? null
                : String.join(
                        ", ",
                        secrets.stream()
                                .map(secret -> secret.name() + (secret.required() ? "!" : ""))
                                .toList());
    }

    @Test
    void anOutlineNamesTheTargetAndGivenValues() throws InterruptedException {
        buildArgs.put("WHO", "joe");
        Outline outline = outline("test");
        assertThat(outline.name()).isEqualTo("test");
        assertThat(outline.description()).isEqualTo("runs the tests");
        assertThat(args(outline)).contains("WHO=joe", "SECOND=joe");
        assertThat(outline("debug").description()).isEmpty();
        assertThat(outline(null).name()).isEmpty();
        assertThatThrownBy(() -> outline("tset"))
                .isInstanceOf(UserFault.class)
                .hasMessage("target stage \"tset\" could not be found (did you mean test?)");
    }

    @Test
    void anOutlineInJsonLeavesOutWhatIsEmpty() throws InterruptedException {
        Definition definition = definition("FROM scratch\n# A <b>\nARG A \\\n B=1\n");
        assertThat(SubrequestJson.of(
                        frontend.outline(definition, Requests.options(null, buildArgs), new FakeImages()), definition))
                .isEqualTo("""
                        {
                          "args": [
                            {
                              "name": "A",
                              "description": "\\u003cb\\u003e",
                              "location": {
                                "ranges": [
                                  {
                                    "start": {
                                      "line": 3
                                    },
                                    "end": {
                                      "line": 3
                                    }
                                  },
                                  {
                                    "start": {
                                      "line": 4
                                    },
                                    "end": {
                                      "line": 4
                                    }
                                  }
                                ]
                              }
                            },
                            {
                              "name": "B",
                              "value": "1",
                              "location": {
                                "ranges": [
                                  {
                                    "start": {
                                      "line": 3
                                    },
                                    "end": {
                                      "line": 3
                                    }
                                  },
                                  {
                                    "start": {
                                      "line": 4
                                    },
                                    "end": {
                                      "line": 4
                                    }
                                  }
                                ]
                              }
                            }
                          ],
                          "sources": [
                            "RlJPTSBzY3JhdGNoCiMgQSA8Yj4KQVJHIEEgXAogQj0xCg=="
                          ]
                        }""");
    }

    @Test
    void targetsAreTheStages() {
        Definition definition = definition("# a is it\nFROM --platform=$BUILDPLATFORM x:$V AS A\nFROM a\n");
        List<BuildTarget> targets = frontend.targets(definition, Requests.options(null, buildArgs));
        assertThat(targets).hasSize(2);
        assertThat(targets.getFirst())
                .returns("a", BuildTarget::name)
                .returns("is it", BuildTarget::description)
                .returns("x:$V", BuildTarget::base)
                .returns("$BUILDPLATFORM", BuildTarget::platform)
                .returns(false, BuildTarget::usual);
        assertThat(targets.getLast()).returns("", BuildTarget::name).returns(true, BuildTarget::usual);
        JsonValue.Obj json = (JsonValue.Obj)
                JsonValue.parse(SubrequestJson.of(targets, definition).getBytes(StandardCharsets.UTF_8));
        assertThat(json.members().keySet()).containsExactly("targets", "sources");
        JsonValue.Obj last = (JsonValue.Obj)
                ((JsonValue.Arr) json.members().get("targets")).items().getLast();
        assertThat(last.members().keySet()).containsExactly("default", "base", "location");
        assertThatThrownBy(() -> frontend.targets(definition("FROM\n"), Requests.options(null, buildArgs)))
                .isInstanceOf(UserFault.class);
    }

    @Test
    void checksLookAtEveryStageUnlessThereIsATarget() throws InterruptedException {
        String text = "FROM scratch AS a\nCMD x\nFROM scratch AS b\nWORKDIR y\n";
        assertThat(check(text, null).findings())
                .extracting(finding -> finding.rule().title())
                .containsExactly("JSONArgsRecommended", "WorkdirRelativePath");
        assertThat(check(text, "b").findings())
                .extracting(finding -> finding.rule().title())
                .containsExactly("WorkdirRelativePath");
        assertThat(check("FROM scratch\nCMD [\"x\"]\n", null).isClean()).isTrue();
    }

    private CheckReport check(String text, String target) throws InterruptedException {
        return frontend.check(definition(text), Requests.options(target, buildArgs), new FakeImages());
    }

    @Test
    void aFaultIsPartOfTheReport() throws InterruptedException {
        CheckReport report = check("FROM scratch as a\nFOOBARBAZ\n", null);
        assertThat(report.findings()).hasSize(1);
        assertThat(report.fault()).hasMessage("dockerfile parse error on line 2: unknown instruction: FOOBARBAZ");
        String json = SubrequestJson.of(report, definition("FROM scratch as a\nFOOBARBAZ\n"));
        assertThat(json)
                .contains(
                        "\"ruleName\": \"FromAsCasing\"",
                        "\"buildError\": {",
                        "\"line\": 2",
                        "\"filename\": \"Dockerfile\"");
        report = check("# check=error=true\nFROM scratch as a\n", null);
        assertThat(report.fault()).hasMessage("lint violation found for rules: FromAsCasing");
        assertThat(report.fault().range()).isEmpty();
        assertThat(SubrequestJson.of(check("FROM scratch\n", null), definition("FROM scratch\n")))
                .startsWith("{\n  \"warnings\": null,\n  \"sources\": [");
    }

    @Test
    void anImageThatCannotBeLookedAtMayHaveSetAnything() throws InterruptedException {
        Resolver blind = requests -> requests.stream()
                .map(request -> Resolver.ResolvedImage.unseen(request.reference()))
                .toList();
        String text = "FROM nowhere AS a\nUSER $SOME\nCMD x\nFROM a\nENV B=$OTHER\nFROM scratch\nENV B=$OTHER\n";
        CheckReport report = frontend.check(definition(text), Requests.options(null, buildArgs), blind);
        assertThat(report.fault()).isNull();
        assertThat(report.findings())
                .extracting(Finding::detail)
                .containsExactly(
                        "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals",
                        "Usage of undefined variable '$OTHER'");
        assertThat(frontend.outline(definition(text), Requests.options(null, buildArgs), blind)
                        .args())
                .isEmpty();
        Resolver down = _ -> {
            throw new RemoteFault("registry is down");
        };
        assertThat(frontend.check(definition(text), Requests.options(null, buildArgs), down)
                        .fault())
                .hasMessageEndingWith("registry is down");
    }

    @Test
    void whatNothingSetsIsReportedAlsoWhereItMakesAFault() throws InterruptedException {
        CheckReport report = check("FROM busybox:${TAG:?which}\n", null);
        assertThat(report.fault()).hasMessage("failed to process \"busybox:${TAG:?which}\": TAG: which");
        assertThat(report.findings())
                .extracting(Finding::detail)
                .containsExactly("FROM argument 'TAG' is not declared");
    }

    /** A file that cannot be taken apart into lines has no findings, as in BuildKit. */
    @Test
    void aFaultOfALinesGrammarComesBeforeAllFindings() throws InterruptedException {
        CheckReport report = check("FROM scratch as a\nMAINTAINER me\nRUN x \\\n\n  y\nENV alone\n", null);
        assertThat(report.fault()).hasMessage("ENV must have two arguments");
        assertThat(report.findings()).isEmpty();
    }

    /** It may have users of any name, which an empty root has not. */
    @Test
    void anImageThatCannotBeLookedAtMayHaveAnyUser() throws InterruptedException {
        Resolver blind = requests -> requests.stream()
                .map(request -> Resolver.ResolvedImage.unseen(request.reference()))
                .toList();
        String text = "FROM nowhere AS a\nCOPY --chown=app:web a /\nFROM a\nUSER app\nWORKDIR /w\n";
        assertThat(frontend.check(definition(text), Requests.options(null, buildArgs), blind)
                        .isClean())
                .isTrue();
        assertThat(frontend.outline(definition(text), Requests.options(null, buildArgs), blind)
                        .args())
                .isEmpty();
    }

    @Test
    void theDescriptionLeavesOutTheChecks() {
        assertThat(SubrequestJson.describe()).startsWith("""
                        [
                          {
                            "name": "frontend.outline",
                            "version": "1.0.0",
                            "type": "rpc",
                            "description": "List all parameters current build target supports",
                            "opts": [
                              {
                                "name": "target",
                                "description": "Target build stage"
                              }
                            ],
                            "inputs": null,
                            "metadata": [
                              {
                                "name": "result.json",
                                "description": ""
                              },
                        """).doesNotContain("lint");
    }
}
