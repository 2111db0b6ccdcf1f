package dev.drydock.cli.command;

import dev.drydock.engine.ContextListing;
import dev.drydock.engine.ContextListing.Entry;
import java.io.PrintStream;

/** Prints what a build context holds: directories with a slash and the sum of what is below them, then their files. */
final class ContextReport {
    private ContextReport() {}

    static void print(ContextListing listing, PrintStream out) {
        int width = 5;
        for (Entry entry : listing.entries()) {
            width = Math.max(width, files(entry).length());
        }
        out.println("SIZE      " + padded("FILES", width) + "   PATH");
        for (Entry entry : listing.entries()) {
            String size = HumanUnits.size(entry.size());
            out.println(size + " ".repeat(Math.max(1, 10 - size.length())) + padded(files(entry), width) + "   "
                    + path(entry));
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String files(Entry entry) {
        return switch (entry) {
            case Entry.Directory directory -> Long.toString(directory.files());
            case Entry.File _ -> "";
        };
    }

    private static String path(Entry entry) {
        String path = entry.path().equals("/") ? "." : entry.path().substring(1);
        return switch (entry) {
            case Entry.Directory _ -> path + "/";
            case Entry.File _ -> path;
        };
    }
}
