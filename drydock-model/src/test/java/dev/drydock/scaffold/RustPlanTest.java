package dev.drydock.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RustPlanTest {
    private static final String MANIFEST = "[package]\nname = \"hello\"\nedition = \"2021\"\n";

    private static Language.Plan plan(ProjectFixture project, String installed) {
        return new Rust().plan(project.view(), installed);
    }

    private static Map<String, String> initial(Language.Plan plan) {
        var answers = new LinkedHashMap<String, String>();
        plan.questions().forEach(question -> answers.put(question.setting().id(), question.initial()));
        return answers;
    }

    private static Proposal propose(ProjectFixture project, Map<String, String> answers) {
        return plan(project, "").propose(new Answers("hello", "compose.yaml", answers));
    }

    private static String dockerfile(ProjectFixture project) {
        return propose(project, Map.of()).files().get("Dockerfile");
    }

    private static ProjectFixture hello() {
        return new ProjectFixture()
                .file("Cargo.toml", MANIFEST)
                .file("Cargo.lock")
                .file("src/main.rs");
    }

    @Test
    void aCargoManifestMakesItRust() {
        assertThat(Languages.detect(hello().view())).map(Language::id).contains("rust");
        assertThat(Languages.detect(new ProjectFixture().file("main.c").view())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // installed, rust-version, rust-toolchain, default
        "rustc 1.95.0 (59807616e 2026-04-14), , , 1.95.0",
        "rustc 1.63.0, 1.78, , 1.78",
        "rustc 1.95.0, 1.78, , 1.95.0",
        "rustc 1.96.0-nightly (x), , , 1.96.0",
        "'', 1.80.1, , 1.80.1",
        "'', , , 1.96",
        "rustc 1.95.0, , 1.81.0, 1.81.0",
        "rustc 1.95.0, , stable, 1.95.0",
        "command not found, , , 1.96",
    })
    void offersTheVersionThatFitsBest(String installed, String minimum, String toolchain, String expected) {
        ProjectFixture project = hello();
        if (minimum != null) {
            project.file("Cargo.toml", MANIFEST + "rust-version = \"" + minimum + "\"\n");
        }
        if (toolchain != null) {
            project.file("rust-toolchain", toolchain + "\n");
        }
        assertThat(initial(plan(project, installed))).containsEntry("rust-version", expected);
    }

    @Test
    void readsThePinnedVersionFromTheNewToolchainFile() {
        ProjectFixture project = hello().file("rust-toolchain.toml", "[toolchain]\nchannel = \"1.90\"\n");
        assertThat(initial(plan(project, "rustc 1.95.0"))).containsEntry("rust-version", "1.90");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "TcpListener::bind(\"0.0.0.0:7878\") ~ 7878",
                "let addr = SocketAddr::from(([127, 0, 0, 1], 3000)); ~ 3000",
                "HttpServer::new(app).bind((\"127.0.0.1\", 8080))? ~ 8080",
                "let port = env::var(\"PORT\").unwrap_or_else(|_| \"9000\".into()); ~ 9000",
                "const PORT: u16 = 4242; ~ 4242",
                "listen(\"[::]:8443\") ~ 8443",
                "// listens on 127.0.0.1:1234 ~ 8000",
                "let report = 12345678; ~ 8000",
                "bind(\"0.0.0.0:99999\") ~ 8000",
                "fn main() {} ~ 8000",
            },
            quoteCharacter = '`')
    void guessesThePortFromTheSource(String code, String port) {
        String unescaped = code;
        assertThat(initial(plan(hello().file("src/main.rs", unescaped), ""))).containsEntry("port", port);
    }

    @Test
    void takesThePortFromRocketsConfiguration() {
        ProjectFixture project = hello().file("Rocket.toml", "[default]\naddress = \"127.0.0.1\"\nport = 8001\n");
        assertThat(initial(plan(project, ""))).containsEntry("port", "8001");
    }

    @Test
    void asksWhichProgramOnlyWhereThereAreSeveral() {
        assertThat(initial(plan(hello(), ""))).containsOnlyKeys("rust-version", "port");
        ProjectFixture two =
                hello().file("src/bin/migrate.rs").file("src/bin/admin/main.rs").file("src/bin/admin/util.rs");
        Question question = plan(two, "").questions().get(1);
        assertThat(question.initial()).isEqualTo("hello");
        assertThat(question.accepts()).isEqualTo(new Question.Accepts.OneOf(List.of("admin", "hello", "migrate")));
        assertThat(propose(two, Map.of("bin", "migrate")).files().get("Dockerfile"))
                .contains("ARG APP_NAME=migrate\n");
    }

    @Test
    void namesTheProgramAsTheManifestDoes() {
        assertThat(dockerfile(
                        hello().file("Cargo.toml", MANIFEST + "[[bin]]\nname = \"server\"\npath = \"src/main.rs\"\n")))
                .contains("ARG APP_NAME=server\n");
        assertThat(dockerfile(
                        hello().file("src/bin/other.rs").file("Cargo.toml", MANIFEST + "default-run = \"other\"\n")))
                .contains("ARG APP_NAME=other\n");
        assertThat(dockerfile(hello().file("server/start.rs")
                        .file("Cargo.toml", MANIFEST + "[[bin]]\nname = \"s\"\npath = \"server/start.rs\"\n")))
                .contains("source=server,target=server");
    }

    @Test
    void withoutALockFileNothingAsksForOne() {
        ProjectFixture project =
                new ProjectFixture().file("Cargo.toml", MANIFEST).file("src/main.rs");
        assertThat(dockerfile(project)).doesNotContain("--locked").doesNotContain("Cargo.lock");
        assertThat(propose(project, Map.of()).notes())
                .anySatisfy(note -> assertThat(note).startsWith("Cargo.lock is missing"));
        assertThat(dockerfile(hello()))
                .contains("cargo build --locked --release")
                .contains("source=Cargo.lock,target=Cargo.lock");
        assertThat(propose(hello(), Map.of()).notes()).isEmpty();
    }

    @Test
    void mountsWhatTheProgramIsCompiledFrom() {
        String text = dockerfile(hello().file("src/main.rs", "const PAGE: &str = include_str!(\"../README.md\");")
                .file("README.md")
                .file("build.rs")
                .file("migrations/1.sql")
                .file("docs/x.md"));
        assertThat(text)
                .contains("source=README.md,")
                .contains("source=build.rs,")
                .contains("source=migrations,")
                .doesNotContain("source=docs");
        assertThat(propose(hello().file("README.md").file("src/main.rs", "include_str!(\"../README.md\")"), Map.of())
                        .files()
                        .get(".dockerignore"))
                .doesNotContain("README");
    }

    @Test
    void copiesWhatTheServerReadsWhileItRuns() {
        String text = dockerfile(hello().file("static/app.css").file("templates/index.html"));
        assertThat(text).contains("WORKDIR /app\nCOPY static/ ./static/\nCOPY templates/ ./templates/\n");
    }

    @Test
    void aWorkspaceIsBuiltFromTheWholeContext() {
        ProjectFixture project = new ProjectFixture()
                .file(
                        "Cargo.toml",
                        "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n[workspace.package]\nrust-version = \"1.85\"\n")
                .file("Cargo.lock")
                .file("crates/api/Cargo.toml", "[package]\nname = \"api\"\nrust-version.workspace = true\n")
                .file("crates/api/src/main.rs", "listen(\"0.0.0.0:4000\")")
                .file("crates/core/Cargo.toml", "[package]\nname = \"core\"\n")
                .file("crates/core/src/lib.rs")
                .file("crates/old/Cargo.toml", "[package]\nname = \"old\"\n")
                .file("crates/old/src/main.rs");
        assertThat(initial(plan(project, ""))).isEqualTo(Map.of("rust-version", "1.85", "port", "4000"));
        assertThat(dockerfile(project))
                .contains("--mount=type=bind,target=. ")
                .contains("--package api --bin \"$APP_NAME\"")
                .contains("ARG APP_NAME=api\n");
    }

    @Test
    void setsWhatMakesTheServerReachable() {
        ProjectFixture rocket = hello().file("Cargo.toml", MANIFEST + "[dependencies]\nrocket = \"0.5\"\n");
        assertThat(dockerfile(rocket)).contains("ENV ROCKET_ADDRESS=0.0.0.0\nENV ROCKET_PORT=8000\n");
        assertThat(dockerfile(hello().file("src/main.rs", "std::env::var(\"PORT\")")))
                .contains("ENV PORT=8000\n");
        ProjectFixture loopback = hello().file("src/main.rs", "bind(\"127.0.0.1:3000\")");
        assertThat(propose(loopback, Map.of()).notes())
                .anySatisfy(note -> assertThat(note).contains("loopback"));
    }

    @Test
    void installsWhatCratesNeedFromTheSystem() {
        String text =
                dockerfile(hello().file("Cargo.lock", "[[package]]\nname = \"openssl-sys\"\nversion = \"0.9\"\n"));
        assertThat(text).contains("libssl-dev pkg-config").contains("ca-certificates libssl3");
        assertThat(dockerfile(hello())).doesNotContain("apt-get");
    }

    @Test
    void saysWhatIsWrongWithAManifest() {
        assertThatThrownBy(() -> plan(hello().file("Cargo.toml", "[dependencies]\n"), ""))
                .isInstanceOf(UserFault.class)
                .hasMessage("read Cargo.toml: it has neither a [package] with a name nor a [workspace] with members");
        assertThatThrownBy(() -> plan(hello().file("Cargo.toml", "[package]\nversion = \"1\"\n"), ""))
                .hasMessage("read Cargo.toml: [package] has no name");
    }

    @Test
    void warnsOfADependencyOutsideTheDirectory() {
        ProjectFixture project = hello().file(
                        "Cargo.toml",
                        MANIFEST + "[dependencies]\nshared = { path = \"../shared\" }\nnear = { path = \"./near\" }\n");
        assertThat(propose(project, Map.of()).notes())
                .anySatisfy(note -> assertThat(note).contains("depends on ../shared"));
        assertThat(dockerfile(project)).contains("--mount=type=bind,target=. ");
    }

    @ParameterizedTest
    @CsvSource({"8000,true", "0,false", "65535,true", "65536,false", "080,false", "x,false", "-1,false"})
    void takesPortsOnly(String answer, boolean accepted) {
        var question = new Question(Setting.PORT, "?", "1", new Question.Accepts.Port());
        assertThat(question.complaint(answer).isEmpty()).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "1.96,true",
        "1.9x,false",
        "1,true",
        "1.96.0-beta.1,true",
        "latest,false",
        "1..2,false",
        "'',false",
        "1.9;rm,false"
    })
    void takesVersionsOnly(String answer, boolean accepted) {
        var question = new Question(Rust.VERSION, "?", "1.96", new Question.Accepts.Version());
        assertThat(question.complaint(answer).isEmpty()).isEqualTo(accepted);
    }
}
