package dev.drydock.cli.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of temporary files that tell whose they are, so that the next command removes what a killed one left. */
final class OwnFile {
    private OwnFile() {}

    /** Begins the name of a temporary file of this process: {@code <kind>-<process ID>-}. */
    static String prefix(String kind) {
        return kind + "-" + ProcessHandle.current().pid() + "-";
    }

    /** Removes what processes that are dead left in the folder under such names. */
    static void sweep(Path folder, String kind) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, kind + "-*")) {
            for (Path each : all) {
                if (isOrphan(String.valueOf(each.getFileName()).substring(kind.length() + 1))) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static boolean isOrphan(String rest) {
        int dash = rest.indexOf('-');
        String pid = dash < 0 ? "" : rest.substring(0, dash);
        return pid.matches("[0-9]{1,10}")
                && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }
}
