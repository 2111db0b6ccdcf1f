package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.ops.HostTrust;
import dev.drydock.ops.StepFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link Trust} names. */
final class HostFiles {
    private static final int MAX_LOGIN = 500 * 1024;

    private HostFiles() {}

    /** The certificates; null if there are none to add. */
    static @Nullable HostTrust trust(Trust trust, Map<String, String> environment) {
        List<Path> files = new ArrayList<>(trust.certificates());
        if (trust.host()) {
            files.addFirst(HostTrust.find(environment));
        }
        return files.isEmpty() ? null : HostTrust.of(files);
    }

    /** @throws UserFault if one of them cannot be read, or is no such file by its size */
    static List<StepFile> logins(Trust trust) {
        List<StepFile> files = new ArrayList<>();
        trust.logins().forEach((login, path) -> {
            try {
                if (Files.size(path) > MAX_LOGIN) {
                    throw new UserFault("logins: " + path + " is too big: at most 500 KiB");
                }
                files.add(new StepFile(login.place(), login.variable(), Files.readAllBytes(path)));
            } catch (IOException e) {
                throw new UserFault("logins: read " + path + ": " + e.getMessage(), e)
                        .hint("Leave " + login + " out of --logins, or make the file readable.");
            }
        });
        return files;
    }
}
