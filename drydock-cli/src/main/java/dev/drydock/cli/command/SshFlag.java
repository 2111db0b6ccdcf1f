package dev.drydock.cli.command;

import dev.drydock.engine.SshSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One {@code --ssh}: {@code default}, {@code ID=SOCKET} or {@code ID=KEY[,KEY…]}. */
record SshFlag(String id, SshSource source) {
    private static final int SOCKET = 0140000;
    private static final int TYPE = 0170000;

    static SshFlag parse(String text, Session session) {
        int equals = text.indexOf('=');
        String id = equals < 0 ? text : text.substring(0, equals);
        List<String> words =
                equals < 0 ? List.of() : List.of(text.substring(equals + 1).split(",", -1));
        if (words.isEmpty()) {
            String agent = session.env("SSH_AUTH_SOCK");
            if (agent == null) {
                throw failed(id, words, "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set");
            }
            words = List.of(agent);
        }
        List<Path> sockets = new ArrayList<>();
        List<Path> keys = new ArrayList<>();
        for (String word : words) {
            Path path = session.directory().resolve(word);
            (isSocket(path, word, id, words) ? sockets : keys).add(path);
        }
        if (!sockets.isEmpty() && !keys.isEmpty()) {
            throw failed(id, words, "invalid combination of keys and sockets");
        }
        if (sockets.size() > 1) {
            throw failed(id, words, "only single socket allowed");
        }
        return new SshFlag(id, sockets.isEmpty() ? new SshSource.Keys(keys) : new SshSource.Agent(sockets.getFirst()));
    }

    private static boolean isSocket(Path path, String word, String id, List<String> words) {
        try {
            if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
                int type = (int) Files.getAttribute(path, "unix:mode") & TYPE;
                if (type != SOCKET) {
                    throw failed(id, words, "read " + word + ": not a regular file");
                }
                return true;
            }
            return false;
        } catch (IOException e) {
            throw failed(id, words, "stat " + word + ": no such file or directory");
        }
    }

    private static CommandFailed failed(String id, List<String> words, String why) {
        return StepFlags.failed(
                "failed to convert agent config {" + id + " [" + String.join(" ", words) + "] false}: " + why);
    }
}
