package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Flags.Kind;
import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Pair;
import dev.drydock.dockerfile.Instruction.Written;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns statements into instructions. */
final class InstructionParser {
    private static final List<String> KEYWORDS = List.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");
    private static final Map<String, String> EXAMPLES = Map.ofEntries(
            Map.entry("WORKDIR", "WORKDIR /app"),
            Map.entry("USER", "USER 1000:1000"),
            Map.entry(
                    "MAINTAINER",
                    "LABEL org.opencontainers.image.authors=\"you@example.com\"; MAINTAINER is deprecated"),
            Map.entry("STOPSIGNAL", "STOPSIGNAL SIGTERM"),
            Map.entry("EXPOSE", "EXPOSE 8000"),
            Map.entry("ARG", "ARG NAME=default"),
            Map.entry("ENV", "ENV NAME=value"),
            Map.entry("LABEL", "LABEL name=value"),
            Map.entry("SHELL", "SHELL [\"/bin/bash\", \"-c\"]"),
            Map.entry("VOLUME", "VOLUME /data"),
            Map.entry("ONBUILD", "ONBUILD COPY . /app"));
    private static final Map<String, Kind> NO_FLAGS = Map.of();
    private static final Map<String, Kind> FROM_FLAGS = Map.of("platform", Kind.TEXT);

    private final Statement statement;
    private final Written written;

    private InstructionParser(Statement statement, Written written) {
        this.statement = statement;
        this.written = written;
    }

    /** @throws UserFault with its place, if the statement is wrong */
    static Instruction parse(Statement statement) {
        String asWritten = statement.split().keyword();
        // Lower-casing decides, as in BuildKit: an upper-casing comparison would accept look-alike letters.
        String keyword = asWritten.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
        if (!KEYWORDS.contains(keyword)) {
            String suggestion = Suggestion.nearest(keyword, KEYWORDS)
                    .map(nearest -> " (did you mean " + inCaseOf(asWritten, nearest) + "?)")
                    .orElse("");
            throw statement.wrong(asWritten, "unknown instruction: " + asWritten + suggestion);
        }
        Written written =
                new Written(keyword, asWritten, GoText.trim(statement.line()), statement.range(), statement.comments());
        return new InstructionParser(statement, written).instruction();
    }

    private static String inCaseOf(String word, String keyword) {
        return word.equals(word.toUpperCase(Locale.ROOT)) ? keyword : keyword.toLowerCase(Locale.ROOT);
    }

    private Instruction instruction() {
        return switch (written.keyword()) {
            case "FROM" -> from();
            case "ARG" -> arg();
            case "ENV" -> {
                LineGrammar.Pairs pairs = pairs();
                yield new Instruction.Env(written, pairs.list(), pairs.legacy());
            }
            case "LABEL" -> {
                LineGrammar.Pairs pairs = pairs();
                yield new Instruction.Label(written, pairs.list(), pairs.legacy());
            }
            case "MAINTAINER" -> new Instruction.Maintainer(written, single());
            case "USER" -> new Instruction.User(written, single());
            case "WORKDIR" -> new Instruction.Workdir(written, single());
            case "STOPSIGNAL" -> new Instruction.StopSignal(written, required("exactly"));
            case "CMD" -> new Instruction.Cmd(written, unflagged());
            case "ENTRYPOINT" -> new Instruction.Entrypoint(written, unflagged());
            case "SHELL" -> shell();
            case "EXPOSE" -> {
                required("at least");
                flags(NO_FLAGS);
                yield new Instruction.Expose(written, GoText.splitBlanks(statement.rest(), 0));
            }
            case "VOLUME" -> volume();
            case "HEALTHCHECK" -> HealthcheckParser.parse(statement, written);
            case "ONBUILD" -> onBuild();
            case "RUN" -> FileInstructions.run(statement, written);
            default -> FileInstructions.copy(statement, written);
        };
    }

    private void flags(Map<String, Kind> known) {
        flags(statement, known);
    }

    /** The flags of a statement, told with its place if they are wrong. */
    static Flags flags(Statement statement, Map<String, Kind> known) {
        return Flags.parse(statement.split().flags(), known, statement::wrong);
    }

    /** The whole rest, which must be there: {@code how} is "exactly" or "at least". */
    private String required(String how) {
        if (statement.rest().isEmpty()) {
            throw statement
                    .wrong(written.keywordAsWritten(), written.keyword() + " requires " + how + " one argument")
                    .hint("Write " + EXAMPLES.getOrDefault(written.keyword(), written.keyword() + " value") + ".");
        }
        return statement.rest();
    }

    private UserFault nothingGiven() {
        return statement
                .wrong(written.keywordAsWritten(), written.keyword() + " requires at least one argument")
                .hint("Write " + EXAMPLES.getOrDefault(written.keyword(), written.keyword() + " value") + ".");
    }

    private String single() {
        String rest = required("exactly");
        flags(NO_FLAGS);
        return rest;
    }

    private Command unflagged() {
        Command command = command(statement, statement.rest());
        flags(NO_FLAGS);
        return command;
    }

    /** Exec form if the text is a JSON array, else shell form. */
    static Command command(Statement statement, String text) {
        List<String> args = LineGrammar.jsonStrings(statement, text);
        return args == null ? new Command.Shell(text) : new Command.Exec(args);
    }

    private Instruction from() {
        List<String> words = GoText.splitBlanks(statement.rest(), 0);
        boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("as");
        if (words.getFirst().isEmpty() || (!named && words.size() != 1)) {
            throw statement
                    .wrong(words.size() > 1 ? words.get(1) : "", "FROM requires either one or three arguments")
                    .hint("Write FROM image or FROM image AS name.");
        }
        String name = null;
        if (named) {
            name = words.get(2).toLowerCase(Locale.ROOT);
            if (!isStageName(name)) {
                throw statement.wrong(
                        words.get(2),
                        "invalid name for build stage: " + GoText.quote(words.get(2))
                                + ", name can't start with a number or contain symbols");
            }
        }
        Flags flags = flags(statement, FROM_FLAGS);
        return new Instruction.From(
                written,
                words.getFirst(),
                name,
                named ? words.get(2) : null,
                named ? words.get(1) : null,
                flags.text("platform"));
    }

    private static boolean isStageName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && (i == 0 || "0123456789-_.".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private Instruction arg() {
        required("at least");
        List<Pair> pairs = new ArrayList<>();
        for (String word : Words.quoted(statement.rest(), statement.escape())) {
            int equals = word.indexOf('=');
            if (equals == 0) {
                throw statement.wrong(word, "ARG names can not be blank");
            }
            pairs.add(
                    equals < 0
                            ? new Pair(word, null)
                            : new Pair(word.substring(0, equals), word.substring(equals + 1)));
        }
        if (pairs.isEmpty()) {
            throw nothingGiven();
        }
        return new Instruction.Arg(written, pairs);
    }

    private LineGrammar.Pairs pairs() {
        LineGrammar.Pairs pairs = LineGrammar.Pairs.read(statement, written.keyword(), statement.rest());
        flags(NO_FLAGS);
        if (pairs.list().isEmpty()) {
            throw nothingGiven();
        }
        for (Pair pair : pairs.list()) {
            if (pair.key().isEmpty()) {
                throw statement.wrong("=" + pair.value(), written.keyword() + " names can not be blank");
            }
        }
        return pairs;
    }

    private Instruction shell() {
        List<String> shell = LineGrammar.jsonStrings(statement, statement.rest());
        flags(NO_FLAGS);
        if (shell == null && !statement.rest().isEmpty()) {
            throw statement
                    .wrong(statement.rest(), "SHELL requires the arguments to be in JSON form" + lookOfPath())
                    .hint("Write SHELL [\"/bin/bash\", \"-c\"], with double quotes.");
        }
        if (shell == null || shell.isEmpty()) {
            throw nothingGiven();
        }
        return new Instruction.Shell(written, shell);
    }

    /** What BuildKit adds for a Windows path whose back-slashes were not doubled. */
    private String lookOfPath() {
        String text = statement.rest().toLowerCase(Locale.ROOT);
        boolean path = false;
        for (int i = text.indexOf(":\\"); i >= 2 && !path; i = text.indexOf(":\\", i + 1)) {
            path = text.charAt(i - 2) == '"' && text.charAt(i - 1) >= 'a' && text.charAt(i - 1) <= 'z';
        }
        return path && !text.contains("\\\\") && text.contains("[") && text.contains("]")
                ? ". It looks like '" + text + "' includes a file path without an escaped back-slash. JSON requires"
                        + " back-slashes to be escaped such as [\"c:\\\\path\\\\to\\\\file.exe\", \"/parameter\"]"
                : "";
    }

    private Instruction volume() {
        List<String> paths = LineGrammar.jsonStrings(statement, statement.rest());
        if (paths == null && !statement.rest().isEmpty()) {
            paths = GoText.splitBlanks(statement.rest(), 0);
        }
        if (paths == null || paths.isEmpty()) {
            throw nothingGiven();
        }
        flags(NO_FLAGS);
        List<String> trimmed = paths.stream().map(GoText::trim).toList();
        if (trimmed.contains("")) {
            String blank = '"' + paths.get(trimmed.indexOf("")) + '"';
            throw statement.wrong(blank, "VOLUME specified can not be an empty string");
        }
        return new Instruction.Volume(written, trimmed);
    }

    private Instruction onBuild() {
        required("at least");
        flags(NO_FLAGS);
        String word = Words.Split.of(statement.rest()).keyword();
        String trigger = word.toUpperCase(Locale.ROOT);
        switch (trigger) {
            case "ONBUILD" -> throw chained(word);
            case "FROM", "MAINTAINER" -> throw statement.wrong(word, trigger + " isn't allowed as an ONBUILD trigger");
            default -> {}
        }
        StringBuilder text = new StringBuilder(
                GoText.trimStart(GoText.trimStart(statement.line()).substring("ONBUILD".length())));
        for (Instruction.Heredoc heredoc : statement.heredocs()) {
            text.append('\n').append(heredoc.content()).append(heredoc.name());
        }
        return new Instruction.OnBuild(written, text.toString());
    }

    /** Both words are pointed at, the inner one alone where they may stand on two lines. */
    private UserFault chained(String word) {
        String line = written.original();
        String both = line.substring(0, line.length() - statement.rest().length() + word.length());
        boolean oneLine = written.range().startLine() == written.range().endLine();
        return statement.wrong(oneLine ? both : word, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    }
}
