package dev.drydock.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ranges of IDs that {@code /etc/subuid} and {@code /etc/subgid} give to plain users for their namespaces. */
public final class SubordinateIds {
    /** How many an image needs, so that the customary 65534 (nobody) is among them. */
    private static final int WANTED = 65536;

    private static final long FIRST = 100000;

    /** What an administrator does for a user who has none. */
    public static String advice() {
        return advice(Path.of("/etc/subuid"), Path.of("/etc/subgid"));
    }

    private SubordinateIds() {}

    static String advice(Path users, Path groups) {
        long from = Math.max(FIRST, Math.max(end(users), end(groups)));
        String range = from + "-" + (from + WANTED - 1);
        return "Give this user a range of IDs: `sudo apt-get install uidmap && sudo usermod --add-subuids " + range
                + " --add-subgids " + range + " $USER`.";
    }

    /** Whether the file gives a range to the user, by name or number. */
    public static boolean given(Path file, String user, String uid) {
        return lines(file).lines().anyMatch(line -> line.startsWith(user + ":") || line.startsWith(uid + ":"));
    }

    /** The first ID after every range that is given. */
    private static long end(Path file) {
        return lines(file)
                .lines()
                .map(line -> line.strip().split(":", -1))
                .filter(fields -> fields.length == 3 && isNumber(fields[1]) && isNumber(fields[2]))
                .mapToLong(fields -> Long.parseLong(fields[1]) + Long.parseLong(fields[2]))
                .max()
                .orElse(0);
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,10}");
    }

    private static String lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // nobody has a range
        }
    }
}
