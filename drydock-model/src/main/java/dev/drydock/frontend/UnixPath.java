package dev.drydock.frontend;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside images, as text: always with slashes, whatever the host has. */
final class UnixPath {
    private UnixPath() {}

    static boolean isAbsolute(String path) {
        return path.startsWith("/");
    }

    /** An absolute path without empty, {@code .} and {@code ..} parts and without a slash at the end. */
    static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** {@code path} seen from {@code directory}, clean. */
    static String resolve(String directory, String path) {
        return clean(isAbsolute(path) ? path : directory + "/" + path);
    }

    /** Like {@link #resolve}, with a slash at the end where {@code path} says that it is a directory. */
    static String resolveDestination(String directory, String path) {
        String resolved = resolve(directory, path);
        boolean isDirectory = path.isEmpty() || path.equals(".") || path.endsWith("/") || path.endsWith("/.");
        return isDirectory && !resolved.equals("/") ? resolved + "/" : resolved;
    }

    /** The last part; {@code /} for the root. */
    static String baseName(String path) {
        String clean = clean(path);
        return clean.equals("/") ? clean : clean.substring(clean.lastIndexOf('/') + 1);
    }
}
