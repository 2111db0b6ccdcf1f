package dev.drydock.cli.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in a few words: the JDK's own messages often are the path and no more. */
final class FileProblem {
    private FileProblem() {}

    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "not a directory";
            case FileSystemException named when named.getReason() != null -> lower(named.getReason());
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : lower(e.getMessage());
        };
    }

    private static String lower(String reason) {
        boolean sentence = reason.length() > 1
                && Character.isUpperCase(reason.charAt(0))
                && !Character.isUpperCase(reason.charAt(1));
        return sentence ? Character.toLowerCase(reason.charAt(0)) + reason.substring(1) : reason;
    }
}
