package dev.drydock.cli.command;

import dev.drydock.engine.Ceiling;
import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.StepFailed;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every command, and the way from a command line to an exit code. */
public final class Commands {
    /** The exit code of a command that was interrupted. */
    public static final int INTERRUPTED = 130;

    /** In the order in which help lists them. */
    static final List<String> NAMES = List.of(
            "init",
            "build",
            "images",
            "tag",
            "rmi",
            "history",
            "inspect",
            "pull",
            "push",
            "login",
            "logout",
            "import",
            "save",
            "load",
            "df",
            "du",
            "prune",
            "fsck",
            "doctor",
            "completion",
            "help",
            "version");

    private static final List<String> IMAGE_NAMES = List.of(
            "ls", "list", "build", "tag", "rm", "remove", "history", "inspect", "pull", "push", "import", "save",
            "load", "prune");
    private static final List<String> BUILDER_NAMES = List.of("build", "du", "prune");
    private static final List<String> SYSTEM_NAMES = List.of("df", "prune");

    private Commands() {}

    /** The command of this name, null if there is none. */
    static @Nullable Command named(String name) {
        return switch (name) {
            case "init" -> new InitCommand();
            case "build" -> new BuildCommand();
            case "images" -> new ImagesCommand();
            case "tag" -> new TagCommand();
            case "rmi" -> new RmiCommand();
            case "history" -> new HistoryCommand();
            case "inspect" -> new InspectCommand();
            case "pull" -> new PullCommand();
            case "push" -> new PushCommand();
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "import" -> new ImportCommand();
            case "save" -> new SaveCommand();
            case "load" -> new LoadCommand();
            case "df" -> new DfCommand();
            case "du" -> new DuCommand();
            case "prune" -> new PruneCommand(PruneCommand.Kind.EVERYTHING);
            case "fsck" -> new FsckCommand();
            case "doctor" -> new DoctorCommand();
            case "version" -> new VersionCommand();
            case "help" -> new HelpCommand();
            case "completion" -> new CompletionCommand();
            default -> null;
        };
    }

    /** A command as it was reached, and what follows its words. */
    record Reached(Command command, CommandSpec spec, List<String> rest) {}

    /**
     * Follows command words: {@code images}, {@code image ls}, {@code builder build}.
     *
     * @throws UsageError if no command has them
     */
    static Reached reach(List<String> words) {
        String first = words.getFirst();
        Command direct = named(first);
        if (direct != null) {
            return new Reached(direct, direct.spec(), words.subList(1, words.size()));
        }
        if (isGroup(first) && words.size() > 1) {
            String second = words.get(1);
            Command inner = inGroup(first, second);
            if (inner != null) {
                CommandSpec spec = inner.spec().at("drydock " + first + " " + second);
                return new Reached(inner, spec, words.subList(2, words.size()));
            }
            throw unknown(first + " " + second, second, words(first));
        }
        throw unknown(first, first, NAMES);
    }

    static boolean isGroup(String word) {
        return word.equals("image") || word.equals("builder") || word.equals("buildx") || word.equals("system");
    }

    private static List<String> words(String group) {
        return switch (group) {
            case "image" -> IMAGE_NAMES;
            case "system" -> SYSTEM_NAMES;
            default -> BUILDER_NAMES;
        };
    }

    /** The command that a word means after a group's, null if there is none. */
    static @Nullable Command inGroup(String group, String word) {
        return switch (group) {
            case "image" -> inImage(word);
            case "system" -> SYSTEM_NAMES.contains(word) ? named(word) : null;
            default -> inBuilder(word);
        };
    }

    /** The words that a group's help lists. */
    static List<String> inGroup(String group) {
        return words(group).stream()
                .filter(word -> !word.equals("list") && !word.equals("remove"))
                .sorted()
                .toList();
    }

    private static @Nullable Command inImage(String name) {
        return switch (name) {
            case "ls", "list" -> new ImagesCommand();
            case "rm", "remove" -> new RmiCommand();
            case "inspect" -> new InspectCommand(InspectCommand.Kind.IMAGE);
            case "prune" -> new PruneCommand(PruneCommand.Kind.IMAGES);
            case "build", "tag", "history", "pull", "push", "import", "save", "load" -> named(name);
            default -> null;
        };
    }

    private static @Nullable Command inBuilder(String name) {
        return switch (name) {
            case "build", "b" -> new BuildCommand();
            case "du" -> new DuCommand();
            case "prune" -> new PruneCommand(PruneCommand.Kind.CACHE);
            default -> null;
        };
    }

    private static UsageError unknown(String path, String word, List<String> known) {
        String message = "drydock: unknown command: drydock " + path;
        String near = Suggestion.nearest(word, known).orElse(null);
        if (near != null) {
            message += "\nhint: Did you mean " + near + "?";
        }
        return new UsageError(message, UsageError.OPERANDS, null);
    }

    /**
     * Runs a command line.
     *
     * @return the exit code
     */
    public static int run(List<String> words, Session session) {
        int code;
        try {
            code = dispatch(words, session);
        } catch (UsageError e) {
            session.err().print(e.screen());
            code = e.exitCode();
        } catch (CommandFailed e) {
            if (!e.text().isEmpty()) {
                session.err().println(e.text());
            }
            hints(session, e.hints());
            code = e.exitCode();
        } catch (DrydockException e) {
            code = report(e, session);
        } catch (InterruptedException e) {
            session.err().println("ERROR: canceled: context canceled");
            code = INTERRUPTED;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            bug(e, session);
            code = 1;
        }
        session.out().flush();
        session.err().flush();
        return code;
    }

    private static int dispatch(List<String> words, Session session) throws InterruptedException {
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at++);
            Arguments global = new Arguments();
            switch (word) {
                case "-v", "--version" -> {
                    session.out().println(VersionCommand.LINE);
                    return 0;
                }
                case "-h", "--help" -> {
                    session.out().print(Help.ofProgram());
                    return 0;
                }
                case "-D", "--debug" -> global.add(CommandSpec.GLOBAL.get(0), "true");
                case "--root" -> {
                    if (at == words.size()) {
                        throw new UsageError("flag needs an argument: --root", UsageError.FLAGS, null);
                    }
                    global.add(CommandSpec.GLOBAL.get(2), words.get(at++));
                }
                default -> {
                    if (!word.startsWith("--root=")) {
                        throw new UsageError(
                                word.startsWith("--")
                                        ? "unknown flag: " + word
                                        : "unknown shorthand flag: '" + word.charAt(1) + "' in " + word,
                                UsageError.FLAGS,
                                null);
                    }
                    global.add(CommandSpec.GLOBAL.get(2), word.substring("--root=".length()));
                }
            }
            session.globals(global);
        }
        List<String> rest = words.subList(at, words.size());
        if (rest.isEmpty()) {
            session.out().print(Help.ofProgram());
            return 0;
        }
        boolean alone =
                rest.size() == 1 || rest.get(1).equals("--help") || rest.get(1).equals("-h");
        if (alone && isGroup(rest.getFirst())) {
            session.out().print(Help.ofGroup(rest.getFirst()));
            return 0;
        }
        return invoke(rest, session);
    }

    private static int invoke(List<String> words, Session session) throws InterruptedException {
        Reached reached = reach(words);
        Arguments arguments = FlagParser.parse(reached.spec(), reached.rest());
        if (arguments.isOn("help")) {
            session.out().print(Help.of(reached.spec()));
            return 0;
        }
        session.globals(arguments);
        if (!reached.command().addsToStore()) {
            return reached.command().run(arguments, session);
        }
        Ceiling ceiling = Upkeep.ceiling(arguments, session);
        int code = reached.command().run(arguments, session);
        Upkeep.run(ceiling, session);
        return code;
    }

    /** Words a fault that no command handled itself, as Docker words what its engine refuses. */
    static int report(DrydockException fault, Session session) {
        switch (fault) {
            case UserFault _ -> session.err().println("Error response from daemon: " + fault.text());
            case EnvironmentFault _, RemoteFault _, CorruptData _, StepFailed _ ->
                session.err().println("Error: " + fault.text());
            case Bug _ -> {
                bug(fault, session);
                return 1;
            }
        }
        hints(session, fault.hints());
        if (session.debug()) {
            fault.printStackTrace(session.err());
        }
        return 1;
    }

    static void hints(Session session, List<String> hints) {
        for (String hint : hints) {
            session.err().println("hint: " + hint);
        }
    }

    /** Says that this is ours; the stack trace only when asked for. */
    static void bug(Throwable problem, Session session) {
        String message = problem instanceof DrydockException known ? known.text() : problem.toString();
        session.err().println("ERROR: drydock has a bug: " + message);
        if (session.debug()) {
            problem.printStackTrace(session.err());
        } else {
            session.err().println("hint: Please report it with the output of the same command with --debug.");
        }
    }
}
