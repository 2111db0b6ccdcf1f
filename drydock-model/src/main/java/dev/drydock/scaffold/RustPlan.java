package dev.drydock.scaffold;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is asked about a Rust project and what is written for it. */
final class RustPlan implements Language.Plan {
    /** Used when neither the machine nor the project names a version. */
    private static final String STABLE = "1.96";

    private static final int DEFAULT_PORT = 8000;
    private static final Pattern VERSION = Pattern.compile("\\b(\\d+\\.\\d+(?:\\.\\d+)?)\\b");

    private final ProjectView project;
    private final CargoProject cargo;
    private final Question version;
    private final Question port;
    private final Optional<Question> binary;

    RustPlan(ProjectView project, CargoProject cargo, String installed) {
        this.project = project;
        this.cargo = cargo;
        this.version = new Question(
                Rust.VERSION,
                "What version of Rust do you want to use?",
                version(installed),
                new Question.Accepts.Version());
        this.port = new Question(
                Setting.PORT,
                "What port does your server listen on?",
                String.valueOf(guessedPort()),
                new Question.Accepts.Port());
        this.binary = binaryQuestion();
    }

    @Override
    public List<Question> questions() {
        var asked = new ArrayList<Question>();
        asked.add(version);
        binary.ifPresent(asked::add);
        asked.add(port);
        return asked;
    }

    private Optional<Question> binaryQuestion() {
        List<String> names = cargo.binaries().stream()
                .map(Cargo.Binary::name)
                .distinct()
                .sorted()
                .toList();
        if (names.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(new Question(
                Rust.BINARY,
                "Which program do you want the image to run?",
                cargo.main().map(Cargo.Binary::name).orElse(names.getFirst()),
                new Question.Accepts.OneOf(names)));
    }

    /** The version that the project pins, else the installed one unless the project asks for more, else a stable one. */
    private String version(String installed) {
        Optional<String> pinned =
                toolchain().filter(channel -> VERSION.matcher(channel).matches());
        if (pinned.isPresent()) {
            return pinned.get();
        }
        Matcher found = VERSION.matcher(installed);
        Optional<String> minimum =
                cargo.minimumRust().filter(wanted -> VERSION.matcher(wanted).matches());
        if (found.find() && !(minimum.isPresent() && isOlder(found.group(1), minimum.get()))) {
            return found.group(1);
        }
        return minimum.orElse(STABLE);
    }

    private Optional<String> toolchain() {
        Optional<String> modern = project.text("rust-toolchain.toml")
                .flatMap(text -> Toml.read("rust-toolchain.toml", text).text("toolchain", "channel"));
        return modern.or(() -> project.text("rust-toolchain")
                .flatMap(text -> text.contains("[toolchain]")
                        ? Toml.read("rust-toolchain", text).text("toolchain", "channel")
                        : Optional.of(text.strip())));
    }

    private static boolean isOlder(String version, String than) {
        String[] left = version.split("\\.");
        String[] right = than.split("\\.");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int l = i < left.length ? Integer.parseInt(left[i]) : 0;
            int r = i < right.length ? Integer.parseInt(right[i]) : 0;
            if (l != r) {
                return l < r;
            }
        }
        return false;
    }

    private int guessedPort() {
        Optional<Integer> configured = rocketPort();
        if (configured.isPresent()) {
            return configured.get();
        }
        return sources(cargo.binary("")).port().orElse(DEFAULT_PORT);
    }

    private Optional<Integer> rocketPort() {
        return project.text("Rocket.toml").flatMap(text -> {
            TomlTable config = Toml.read("Rocket.toml", text);
            for (String profile : List.of("global", "release", "default")) {
                Optional<String> value = config.scalar(profile, "port");
                if (value.isPresent() && value.get().matches("[1-9]\\d{1,4}")) {
                    return Optional.of(Integer.valueOf(value.get()));
                }
            }
            return Optional.empty();
        });
    }

    private RustSources sources(Cargo.Binary program) {
        return new RustSources(project.text(program.source()).orElse(""));
    }

    @Override
    public Proposal propose(Answers answers) {
        Cargo.Binary program = cargo.binary(binary.map(answers::to).orElse(""));
        String chosenPort = answers.to(port);
        RustSources sources = sources(program);
        var dockerfile = new RustDockerfile(project, cargo, program, sources, answers.to(version), chosenPort);
        Map<String, String> files = new LinkedHashMap<>();
        files.put(".dockerignore", IgnoreFile.of(dockerfile.ignored(), dockerfile.neededFromRoot()));
        files.put("Dockerfile", dockerfile.text());
        files.put(answers.composeFile(), ComposeFile.of(chosenPort, "final"));
        files.put("README.Docker.md", ReadmeFile.of(answers.image(), chosenPort, answers.composeFile()));
        return new Proposal(files, "http://localhost:" + chosenPort, notes(sources, dockerfile));
    }

    private List<String> notes(RustSources sources, RustDockerfile dockerfile) {
        var notes = new ArrayList<String>();
        if (cargo.binaries().isEmpty()) {
            notes.add("No program was found (src/main.rs or [[bin]] in Cargo.toml): the image needs one to run.");
        }
        if (!cargo.hasLock()) {
            notes.add("Cargo.lock is missing, so each build may pick other versions of crates:"
                    + " run `cargo generate-lockfile`, keep the file, and run drydock init again.");
        }
        if (sources.listensOnLoopbackOnly() && !dockerfile.setsAddress()) {
            notes.add(
                    "The program seems to listen on the loopback address only, which nothing outside its container reaches:"
                            + " let it listen on 0.0.0.0.");
        }
        cargo.pathDependencies().stream()
                .filter(path -> path.startsWith(".."))
                .forEach(path ->
                        notes.add("Cargo.toml depends on " + path + ", which a build of this directory cannot see:"
                                + " run drydock init in a directory that holds both."));
        toolchain()
                .filter(channel -> channel.startsWith("nightly") || channel.startsWith("beta"))
                .ifPresent(channel -> notes.add("The project asks for Rust " + channel
                        + "; the image that the Dockerfile builds with carries the stable release."));
        return notes;
    }
}
