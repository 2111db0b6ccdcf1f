package dev.drydock.cli.command;

import dev.drydock.engine.BuildContext;
import dev.drydock.engine.DockerfileSource;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.GitSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code PATH | URL | -} and {@code -f} mean together. */
record BuildSources(BuildContext context, DockerfileSource dockerfile) {
    private static final String STDIN = "-";
    private static final int LONGEST_TEXT = 16 * 1024 * 1024;
    private static final String GITHUB = "github.com/";

    static BuildSources of(Arguments arguments, Session session) {
        String operand = arguments.operands().getFirst();
        String file = arguments.value("file");
        String named = file == null || file.isEmpty() ? null : file;
        if (operand.equals(STDIN) && STDIN.equals(named)) {
            throw failed("invalid argument: can't use stdin for both build context and dockerfile");
        }
        BuildContext context = context(operand, session);
        return new BuildSources(context, dockerfile(named, context, session));
    }

    private static CommandFailed failed(String message, String... hints) {
        return new CommandFailed("ERROR: failed to build: " + message, 1, List.of(hints));
    }

    private static BuildContext context(String operand, Session session) {
        if (operand.isEmpty()) {
            throw failed("please specify build context (e.g. \".\" for the current directory)");
        }
        if (operand.equals(STDIN)) {
            if (session.terminals().in()) {
                throw failed(
                        "read build context from standard input: it is a terminal",
                        "Send a Dockerfile or an archive: drydock build - < Dockerfile.");
            }
            return new BuildContext.Stream(session.in());
        }
        Path path = session.directory().resolve(operand).normalize();
        if (Files.isDirectory(path)) {
            return new BuildContext.Directory(path);
        }
        try {
            if (operand.startsWith(GITHUB)) {
                return new BuildContext.Repository(GitSource.parse("https://" + operand));
            }
            if (GitSource.isGit(operand)) {
                return new BuildContext.Repository(GitSource.parse(operand));
            }
        } catch (UserFault e) {
            throw new CommandFailed("ERROR: failed to build: " + e.text(), 1, e.hints());
        }
        if (isWeb(operand)) {
            return new BuildContext.Web(operand);
        }
        throw failed("unable to prepare context: path \"" + operand + "\" not found");
    }

    private static boolean isWeb(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    private static DockerfileSource dockerfile(@Nullable String named, BuildContext context, Session session) {
        if (named == null) {
            return new DockerfileSource.Usual();
        }
        if (named.equals(STDIN)) {
            return new DockerfileSource.Text(standardInput(session));
        }
        if (isWeb(named)) {
            return new DockerfileSource.Web(named);
        }
        return switch (context) {
            case BuildContext.Directory _ ->
                new DockerfileSource.OnHost(session.directory().resolve(named).normalize());
            case BuildContext.Repository _, BuildContext.Web _ ->
                named.startsWith("/")
                        ? new DockerfileSource.OnHost(Path.of(named))
                        : new DockerfileSource.InContext(named);
            case BuildContext.Stream _ -> new DockerfileSource.InContext(named);
        };
    }

    private static String standardInput(Session session) {
        try {
            byte[] text = session.in().readNBytes(LONGEST_TEXT + 1);
            if (text.length > LONGEST_TEXT) {
                throw failed("read Dockerfile from standard input: it is larger than 16 MB");
            }
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failed("read Dockerfile from standard input: " + e.getMessage());
        }
    }
}
