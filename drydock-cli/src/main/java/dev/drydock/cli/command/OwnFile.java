package dev.drydock.cli.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Names of temporary files that tell whose they are, so that the next command removes what a killed one left. */
final class OwnFile {
    private OwnFile() {}

    /** Begins the name of a temporary file of this process: {@code <kind>-<process ID>-}. */
    static String prefix(String kind) {
        return kind + "-" + ProcessHandle.current().pid() + "-";
    }

    /** Removes the files that processes that are dead left in the folder under such names. */
    static void sweep(Path folder, String kind) throws IOException {
        for (Path each : orphans(folder, kind)) {
            Files.deleteIfExists(each);
        }
    }

    /** What processes that are dead left in the folder under such names. */
    static List<Path> orphans(Path folder, String kind) throws IOException {
        List<Path> orphans = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, kind + "-*")) {
            for (Path each : all) {
                if (isOrphan(String.valueOf(each.getFileName()).substring(kind.length() + 1))) {
                    orphans.add(each);
                }
            }
        }
        return orphans;
    }

    private static boolean isOrphan(String rest) {
        int dash = rest.indexOf('-');
        String pid = dash < 0 ? "" : rest.substring(0, dash);
        return pid.matches("[0-9]{1,10}")
                && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }
}
