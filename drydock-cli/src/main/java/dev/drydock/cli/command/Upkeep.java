package dev.drydock.cli.command;

import dev.drydock.engine.Ceiling;
import dev.drydock.engine.Collected;
import dev.drydock.engine.Drydock;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store under its ceiling after a command that adds to it. What the command has to say is on the screen by then;
 * while the whole file system is under the ceiling, nothing is even opened.
 */
final class Upkeep {
    /** For every command that adds to the store. */
    static final Flag FLAG = Flag.value(
                    "store-ceiling",
                    "size",
                    "What the store may take of the disk before unused build cache is given up: 20GB, 60% or off; also "
                            + "DRYDOCK_STORE_CEILING")
            .defaultsTo("60%");

    private static final String VARIABLE = "DRYDOCK_STORE_CEILING";
    private static final String MEMBER = "ceiling";

    private Upkeep() {}

    /**
     * The ceiling that holds: the flag's, else the environment's, else that of {@code store.json}.
     *
     * @throws UserFault if one of them makes no sense
     */
    static Ceiling ceiling(Arguments arguments, Session session) {
        String flag = arguments.value(FLAG.name());
        if (flag != null) {
            return Ceiling.parse("--" + FLAG.name(), flag);
        }
        String variable = session.env(VARIABLE);
        if (variable != null) {
            return Ceiling.parse(VARIABLE, variable);
        }
        Path file = settings(session);
        return file == null ? Ceiling.USUAL : read(file);
    }

    private static @Nullable Path settings(Session session) {
        String configured = session.env("XDG_CONFIG_HOME");
        String home = session.env("HOME");
        Path own = configured != null
                ? Path.of(configured, "drydock", "store.json")
                : home != null ? Path.of(home, ".config", "drydock", "store.json") : null;
        if (own != null && Files.exists(own)) {
            return own;
        }
        Path everybodys = Path.of("/etc/drydock/store.json");
        return Files.exists(everybodys) ? everybodys : null;
    }

    private static Ceiling read(Path file) {
        try {
            if (JsonValue.parse(Files.readAllBytes(file)) instanceof JsonValue.Obj settings
                    && settings.get(MEMBER) instanceof JsonValue.Text(String text)) {
                return Ceiling.parse(file + ": " + MEMBER, text);
            }
        } catch (IOException | CorruptData e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
        throw unreadable(file, "it has no member \"" + MEMBER + "\" that is a text");
    }

    private static UserFault unreadable(Path file, String why) {
        UserFault fault = new UserFault("read settings " + file + ": " + why);
        fault.hint("It looks like this: {\"" + MEMBER + "\": \"20GB\"}");
        return fault;
    }

    /** Collects if it must. Never the reason for a command to fail. */
    static void run(Ceiling ceiling, Session session) throws InterruptedException {
        if (!Drydock.mayExceed(session.root(), ceiling)) {
            return;
        }
        session.out().flush();
        session.err().flush();
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            Collected collected = store.collect(ceiling);
            if (collected.over()) {
                session.err()
                        .println("warning: the store takes " + HumanUnits.size(collected.total())
                                + ", more than its ceiling: what is left belongs to images and running builds");
                session.err()
                        .println("hint: Remove images with drydock rmi, or raise the ceiling with " + VARIABLE + ".");
            }
        } catch (DrydockException fault) {
            session.err().println("warning: the store was not brought under its ceiling: " + fault.text());
            Commands.hints(session, fault.hints());
        }
    }
}
