package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.ignore.IgnoreFile;
import dev.drydock.scope.Disk;
import dev.drydock.source.CallersFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ignore file of a context.
 *
 * @param name how messages call it
 * @param text as it was read, empty when there is none
 * @param size its length in bytes
 */
record IgnoreLines(String name, String text, List<String> patterns, long size) {
    private static final String USUAL = ".dockerignore";

    /** There is none; the size is what an empty transfer costs BuildKit, which it prints. */
    static final IgnoreLines NONE = new IgnoreLines(USUAL, "", List.of(), 2);

    /** The one that is named after the Dockerfile and stands beside it, else the one at the root of the context. */
    static IgnoreLines of(Path directory, @Nullable Path dockerfile) {
        Path own = dockerfile == null ? null : dockerfile.resolveSibling(dockerfile.getFileName() + USUAL);
        Path file = own != null && Files.exists(own) ? own : directory.resolve(USUAL);
        if (CallersFile.leadsOut(file)) {
            return NONE; // as BuildKit has it
        }
        try {
            byte[] bytes = CallersFile.read(file, CallersFile.LONGEST_TEXT);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new IgnoreLines(String.valueOf(file.getFileName()), text, IgnoreFile.parse(text), bytes.length);
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                return NONE; // as BuildKit has it
            }
            String text = e instanceof AccessDeniedException
                    ? "read " + file + ": permission denied"
                    : Disk.fault("read " + file, e).text();
            throw new UserFault(text, e).hint("Let this user read the file, or remove it.");
        }
    }

    /** Names a pattern by the line that has it, at the beginning of a sentence. */
    String lineOf(String pattern) {
        return "Line " + IgnoreFile.lineOf(text, pattern) + " of " + name + ", \"" + pattern + "\",";
    }
}
