package dev.drydock.cli.command;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.scaffold.Answers;
import dev.drydock.scaffold.Language;
import dev.drydock.scaffold.Languages;
import dev.drydock.scaffold.ProjectView;
import dev.drydock.scaffold.Proposal;
import dev.drydock.scaffold.Question;
import dev.drydock.scaffold.Setting;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code drydock init}: looks at a project, asks what it cannot see, and writes the files that make an image of it. */
final class InitCommand implements Command {
    private static final String BANNER = """

            Welcome to Drydock Init!

            This writes the following files, with sensible defaults for your project:
              - .dockerignore
              - Dockerfile
              - compose.yaml
              - README.Docker.md

            Let's get started!
            """;

    private final InitToolVersion tools;

    InitCommand() {
        this(InitToolVersion.OF_MACHINE);
    }

    InitCommand(InitToolVersion tools) {
        this.tools = tools;
    }

    @Override
    public CommandSpec spec() {
        String platforms =
                String.join(", ", Languages.all().stream().map(Language::id).toList());
        CommandSpec.Builder spec = CommandSpec.command(
                        "drydock init", "Write the files that make an image of your application")
                .operands("[DIRECTORY]", CommandSpec.Arity.atMost(1), CommandSpec.OperandKind.DIRECTORY)
                .about("""
                        Looks at the project, asks what it cannot see, and writes Dockerfile, .dockerignore, compose.yaml and \
                        README.Docker.md. Nothing that exists is overwritten without your consent. A question whose flag is given \
                        is not asked.""")
                .flag(Flag.toggle("force", "Overwrite files that exist").letter('f'))
                .flag(Flag.value(
                        "name", "string", "Name of the image in the instructions (default: the directory's name)"))
                .flag(Flag.value("platform", "string", "Kind of application: " + platforms)
                        .oneOf(Languages.all().stream().map(Language::id).toArray(String[]::new)))
                .flag(Flag.toggle("yes", "Ask nothing: take the proposed answers")
                        .letter('y'));
        settings().forEach(setting -> spec.flag(Flag.value(setting.id(), setting.label(), setting.description())));
        return spec.example("Answer the questions for the project in this directory", "drydock init")
                .example("Take every proposed answer but the port", "drydock init --yes --port 3000")
                .example(
                        "In a script, replacing what is there",
                        "drydock init --yes --force --platform rust --rust-version 1.96 app")
                .build();
    }

    /** Every setting of every language once. */
    private static Set<Setting> settings() {
        var byId = new LinkedHashMap<String, Setting>();
        Languages.all()
                .forEach(language -> language.settings().forEach(setting -> byId.putIfAbsent(setting.id(), setting)));
        return new LinkedHashSet<>(byId.values());
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        try {
            return init(arguments, session);
        } catch (InitPrompts.Cancelled e) {
            throw e.asFailure();
        } catch (UserFault | EnvironmentFault e) {
            throw new CommandFailed(e.text(), 1, e.hints());
        }
    }

    private int init(Arguments arguments, Session session) throws InterruptedException {
        String operand =
                arguments.operands().isEmpty() ? "." : arguments.operands().getFirst();
        var directory = new InitDirectory(session.directory().resolve(operand).normalize());
        Optional<Language> asked =
                Optional.ofNullable(arguments.value("platform")).map(InitCommand::language);
        String name = Optional.ofNullable(arguments.value("name"))
                .map(InitCommand::checkedName)
                .orElse(imageName(directory.name()));
        ProjectView project = directory.look(Languages.reads());
        PrintStream out = session.out();
        out.print(BANNER);
        out.println();
        try (InitPrompts prompts = prompts(arguments, session)) {
            if (!mayOverwrite(directory.existing(), arguments, prompts, out)) {
                out.println("Nothing was changed.");
                return 0;
            }
            Optional<Language> language = asked.isPresent() ? asked : choose(project, arguments, prompts, out);
            if (language.isEmpty()) {
                out.println("Nothing was changed.");
                return 0;
            }
            Proposal proposal =
                    propose(language.get(), project, arguments, prompts, new Names(name, directory.composeFile()));
            directory.write(proposal.files());
            report(proposal, name, out);
            return 0;
        }
    }

    private static Language language(String id) {
        return Languages.named(id.toLowerCase(Locale.ROOT)).orElseThrow(() -> {
            List<String> known = Languages.all().stream().map(Language::id).toList();
            List<String> hints = new ArrayList<>();
            Suggestion.nearest(id, known).ifPresent(near -> hints.add("Did you mean '" + near + "'?"));
            hints.add("Known are: " + String.join(", ", known) + ".");
            return new CommandFailed("read --platform: '" + id + "' is not known", UsageError.FLAGS, hints);
        });
    }

    private static String checkedName(String name) {
        if (!imageName(name).equals(name)) {
            throw new CommandFailed(
                    "read --name: '" + name + "' cannot name an image",
                    UsageError.FLAGS,
                    List.of("Use lower-case letters and digits, parted by '-', '_' or '.'; for example '"
                            + imageName(name) + "'."));
        }
        return name;
    }

    /** The nearest name that an image may have. */
    private static String imageName(String text) {
        String name = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._/-]+", "-")
                .replaceAll("[._-]*/[._/-]*", "/")
                .replaceAll("[._-]*-[._-]*|\\.[._]+", "-")
                .replaceAll("_{3,}", "__")
                .replaceAll("^[._/-]+|[._/-]+$", "");
        return name.isEmpty() ? "app" : name;
    }

    /** No prompts where nothing is asked; JLine is loaded only where both ends are a terminal that moves its cursor. */
    private static InitPrompts prompts(Arguments arguments, Session session) {
        Session.Terminals terminals = session.terminals();
        String kind = session.env("TERM");
        boolean screen = terminals.in() && terminals.out() && kind != null && !kind.equals("dumb");
        if (screen && !arguments.isOn("yes")) {
            session.out().flush();
            return InitTerminalPrompts.open();
        }
        return new InitLinePrompts(
                session.in(),
                session.out(),
                terminals.in() ? InitLinePrompts.Echo.BY_TERMINAL : InitLinePrompts.Echo.BY_US);
    }

    private static boolean mayOverwrite(
            List<String> existing, Arguments arguments, InitPrompts prompts, PrintStream out) {
        if (existing.isEmpty() || arguments.isOn("force")) {
            return true;
        }
        if (arguments.isOn("yes")) {
            throw new CommandFailed(
                    "write Docker files: these exist already: " + String.join(", ", existing),
                    1,
                    List.of("Use --force to overwrite them."));
        }
        out.println("WARNING: The following Docker files already exist in this directory:");
        existing.forEach(file -> out.println("  - " + file));
        out.println();
        out.flush();
        return prompts.confirm("Do you want to overwrite them?");
    }

    /** The chosen language, empty if the person wants to leave. */
    private static Optional<Language> choose(
            ProjectView project, Arguments arguments, InitPrompts prompts, PrintStream out) {
        Optional<Language> detected = Languages.detect(project);
        if (arguments.isOn("yes")) {
            return Optional.of(detected.orElseThrow(() -> new CommandFailed(
                    "detect platform: no file in the directory tells which platform the project uses",
                    1,
                    List.of("Name it with --platform, one of: "
                            + String.join(
                                    ", ",
                                    Languages.all().stream().map(Language::id).toList()) + "."))));
        }
        List<Language> languages = new ArrayList<>(Languages.all());
        // The detected one comes first, where Enter chooses it.
        detected.ifPresent(found -> {
            languages.remove(found);
            languages.addFirst(found);
        });
        List<String> entries = new ArrayList<>();
        for (Language language : languages) {
            entries.add(
                    detected.filter(language::equals).isPresent()
                            ? language.title() + " (detected)"
                            : language.title());
        }
        entries.add("Quit");
        int initial = detected.isPresent() ? 0 : languages.size() - 1;
        out.flush();
        int chosen = prompts.choose("What application platform does your project use?", entries, initial);
        return chosen == languages.size() ? Optional.empty() : Optional.of(languages.get(chosen));
    }

    /** What files and image are called. */
    private record Names(String image, String composeFile) {}

    private Proposal propose(
            Language language, ProjectView project, Arguments arguments, InitPrompts prompts, Names names)
            throws InterruptedException {
        Language.Plan plan = language.plan(project, tools.ask(language.versionCommand()));
        Set<Setting> open = new LinkedHashSet<>(
                plan.questions().stream().map(Question::setting).toList());
        for (Setting setting : settings()) {
            if (arguments.has(setting.id()) && !open.contains(setting)) {
                throw new CommandFailed(
                        "read --" + setting.id() + ": the project leaves nothing to choose",
                        UsageError.FLAGS,
                        List.of());
            }
        }
        Map<String, String> answers = new LinkedHashMap<>();
        for (Question question : plan.questions()) {
            answers.put(question.setting().id(), answer(question, arguments, prompts));
        }
        return plan.propose(new Answers(names.image(), names.composeFile(), answers));
    }

    private static String answer(Question question, Arguments arguments, InitPrompts prompts) {
        @Nullable String given = arguments.value(question.setting().id());
        if (given != null) {
            question.complaint(given).ifPresent(complaint -> {
                throw new CommandFailed(
                        "read --" + question.setting().id() + ": " + complaint, UsageError.FLAGS, List.of());
            });
            return given;
        }
        return arguments.isOn("yes") ? question.initial() : prompts.ask(question);
    }

    private static void report(Proposal proposal, String name, PrintStream out) {
        out.println();
        proposal.files().keySet().forEach(file -> out.println("CREATED: " + file));
        out.println();
        out.println("✔ Your Docker files are ready!");
        out.println("  Take a moment to review them and tailor them to your application.");
        out.println();
        if (!proposal.notes().isEmpty()) {
            proposal.notes().forEach(note -> out.println(Help.fold("NOTE: " + note)));
            out.println();
        }
        out.println("When you're ready, build the image by running: drydock build --tag " + name + " .");
        if (!proposal.url().isEmpty()) {
            out.println("Once it runs, your application will be available at " + proposal.url());
        }
        out.println();
        out.println("Consult README.Docker.md for more information about using the generated files.");
        out.flush();
    }
}
