package dev.drydock.cli.command;

import dev.drydock.engine.RegistryAccess;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of one command: streams, environment, clock, working directory and the way to the store. Nothing else
 * in this package reads them from the process.
 */
public final class Session {
    /** Opens a store. */
    interface Opener {
        Store open(Path root);
    }

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final Path directory;
    private final Clock clock;
    private final Terminals terminals;
    private final Opener opener;
    private @Nullable String rootFlag;
    private boolean debug;

    Session(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            Path directory,
            Clock clock,
            Terminals terminals,
            Opener opener) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.directory = directory;
        this.clock = clock;
        this.terminals = terminals;
        this.opener = opener;
    }

    /** The process's own surroundings. */
    public static Session ofProcess(PrintStream out, PrintStream err) {
        return new Session(
                // unlike System.in's, its reads end when the thread is interrupted
                Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
                out,
                err,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Clock.systemUTC(),
                new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)),
                Store::open);
    }

    /** Which of the standard streams are terminals. */
    record Terminals(boolean in, boolean out, boolean err) {
        static final Terminals NONE = new Terminals(false, false, false);
    }

    /** Asks the kernel's name of the stream: no native call, no process. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.startsWith("/dev/console")
                    || target.startsWith("/dev/hvc");
        } catch (IOException e) {
            return false; // closed, or no /proc: then nothing may be drawn
        }
    }

    InputStream in() {
        return in;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The value of an environment variable; an empty one counts as not set. */
    @Nullable
    String env(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    Path directory() {
        return directory;
    }

    Clock clock() {
        return clock;
    }

    Terminals terminals() {
        return terminals;
    }

    boolean debug() {
        return debug;
    }

    /** Takes over the flags that every command knows. */
    void globals(Arguments arguments) {
        String root = arguments.value("root");
        if (root != null && root.isEmpty()) {
            throw new CommandFailed(
                    "--root: the store's directory is empty text",
                    1,
                    List.of("Give a directory, or leave out --root."));
        }
        if (root != null) {
            rootFlag = root;
        }
        debug |= arguments.isOn("debug");
    }

    /** Where the store is: flag, then {@code DRYDOCK_ROOT}, then the user's own place. */
    Path root() {
        String chosen = rootFlag != null ? rootFlag : env("DRYDOCK_ROOT");
        if (chosen != null) {
            return directory.resolve(chosen).normalize();
        }
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/lib/drydock");
        }
        String data = env("XDG_DATA_HOME");
        if (data != null) {
            return Path.of(data, "drydock");
        }
        // the launcher decides the same way before it enters a user namespace, where the user is called root
        String home = env("HOME") == null ? System.getProperty("user.home") : env("HOME");
        if (home == null || !home.startsWith("/")) {
            throw new CommandFailed(
                    "Error: find the store: this user has no home directory",
                    1,
                    List.of("Set DRYDOCK_ROOT or give --root DIRECTORY."));
        }
        return Path.of(home, ".local", "share", "drydock");
    }

    /** How registries are reached. */
    RegistryAccess registries() {
        String home = env("HOME");
        return new RegistryAccess(
                environment, Path.of(home != null ? home : System.getProperty("user.home")), Set.of());
    }

    /** Opens the store; the caller closes it. */
    Store store() {
        return opener.open(root());
    }
}
