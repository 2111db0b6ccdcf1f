package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Login;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code drydock login}. */
final class LoginCommand implements Command {
    private static final int LONGEST = 1 << 20;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock login", "Authenticate to a registry")
                .operands("[SERVER]", Arity.atMost(1), OperandKind.NOTHING)
                .about("Credentials are tried first and then kept where Docker's tools keep them. Without SERVER it is "
                        + "Docker Hub.")
                .flag(Flag.value("password", "string", "Password or Personal Access Token (PAT)")
                        .letter('p'))
                .flag(Flag.toggle("password-stdin", "Take the Password or Personal Access Token (PAT) from stdin"))
                .flag(Flag.value("username", "string", "Username").letter('u'))
                .example(
                        "With a token from a file", "drydock login -u me --password-stdin registry.example.com < token")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        String user = arguments.value("username");
        String password = arguments.value("password");
        boolean fromInput = arguments.isOn("password-stdin") || "-".equals(password);
        if (arguments.isOn("password-stdin") && password != null) {
            throw new CommandFailed("conflicting options: cannot specify both --password and --password-stdin");
        }
        if (password != null && !fromInput) {
            session.err().println("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
        }
        if (fromInput) {
            if (user == null || user.isEmpty()) {
                throw new CommandFailed("the --password-stdin option requires --username to be set");
            }
            password = input(session);
        }
        if (password != null && password.isEmpty()) {
            throw new CommandFailed("password is empty");
        }
        try (Login login = Login.open(session.registries())) {
            String host = Login.host(
                    arguments.operands().isEmpty() ? null : arguments.operands().getFirst());
            return run(login, host, user, password, session);
        } catch (RemoteFault | UserFault fault) {
            throw new CommandFailed("Error response from daemon: " + fault.text(), 1, fault.hints());
        }
    }

    private static int run(Login login, String host, @Nullable String user, @Nullable String password, Session session)
            throws InterruptedException {
        if (user == null && password == null) {
            Optional<String> known = login.user(host);
            if (known.isPresent()) {
                String who = known.get().isEmpty() ? "" : " [Username: " + known.get() + "]";
                session.err()
                        .println("Authenticating with existing credentials..." + who + "\n\n"
                                + " Info -> To login with a different account, run 'drydock logout' followed by 'drydock login'"
                                + "\n\n");
                login.again(host);
                session.out().println("Login Succeeded");
                return 0;
            }
        }
        String name = user != null && !user.isEmpty() ? user : ask(session, "Username: ");
        String secret = password != null ? password : askSecret(session);
        if (name.isEmpty()) {
            throw new CommandFailed("username is empty");
        }
        if (secret.isEmpty()) {
            throw new CommandFailed("password is empty");
        }
        Login.Kept kept = login.login(host, name, secret);
        if (kept instanceof Login.Kept.InFile(java.nio.file.Path file)) {
            PrintStream err = session.err();
            err.println("\nWARNING! Your credentials are stored unencrypted in '" + file + "'.");
            err.println("Configure a credential helper to remove this warning. See");
            err.println("https://docs.docker.com/go/credential-store/\n");
        }
        session.out().println("Login Succeeded");
        return 0;
    }

    private static String input(Session session) {
        try {
            byte[] bytes = session.in().readNBytes(LONGEST);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException e) {
            throw new CommandFailed("read the password from standard input: " + e.getMessage());
        }
    }

    private static String ask(Session session, String prompt) {
        if (!session.terminals().in()) {
            throw noTerminal();
        }
        session.out().print(prompt);
        session.out().flush();
        StringBuilder line = new StringBuilder();
        try {
            for (int next = session.in().read();
                    next >= 0 && next != '\n';
                    next = session.in().read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            throw new CommandFailed("read the user name: " + e.getMessage());
        }
        return line.toString().strip();
    }

    private static String askSecret(Session session) {
        if (!session.terminals().in()) {
            throw noTerminal();
        }
        session.out().flush();
        return Optional.ofNullable(System.console())
                .map(console -> console.readPassword("Password: "))
                .map(String::new)
                .orElse("");
    }

    private static CommandFailed noTerminal() {
        return new CommandFailed(
                "error: cannot perform an interactive login from a non-TTY device",
                1,
                List.of("Give the user with -u and the password with --password-stdin."));
    }
}
