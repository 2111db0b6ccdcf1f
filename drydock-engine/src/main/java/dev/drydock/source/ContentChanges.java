package dev.drydock.source;

import dev.drydock.linux.PathBytes;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.source.ContentManifest.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Says in sentences what is different between two contents. */
final class ContentChanges {
    private static final int SHOWN = 10;

    private final Function<String, Optional<String>> hidden;
    private final List<String> sentences = new ArrayList<>();
    private int more;
    /** The directory that was added or removed last, with a slash: what is below it needs no sentence. */
    private String covered = "/";

    private ContentChanges(Function<String, Optional<String>> hidden) {
        this.hidden = hidden;
    }

    /**
     * One sentence for each difference, in the order of paths, ten at most and then {@code and N more}. Empty when there
     * is none that a manifest can tell.
     *
     * @param hidden what hides a path that is there, as {@link ContextTree#hiddenBy} has it
     */
    static List<String> between(
            ContentManifest before, ContentManifest after, Function<String, Optional<String>> hidden) {
        ContentChanges changes = new ContentChanges(hidden);
        changes.merge(before.entries(), after.entries());
        if (changes.more > 0) {
            changes.sentences.add("and " + changes.more + " more");
        }
        return List.copyOf(changes.sentences);
    }

    private void merge(List<Entry> before, List<Entry> after) {
        int b = 0;
        int a = 0;
        while (b < before.size() || a < after.size()) {
            int order = b == before.size()
                    ? 1
                    : a == after.size()
                            ? -1
                            : PathBytes.compare(
                                    before.get(b).path(), after.get(a).path());
            if (order < 0) {
                gone(before.get(b++));
            } else if (order > 0) {
                whole(after.get(a++), _ -> "was added");
            } else {
                compare(before.get(b++), after.get(a++));
            }
        }
    }

    private void gone(Entry entry) {
        whole(
                entry,
                gone -> hidden.apply(gone.path())
                        .map(pattern -> "was hidden: " + inSentence(pattern))
                        .orElse("was removed"));
    }

    /** What is worded as the beginning of a sentence as the end of one. */
    private static String inSentence(String beginning) {
        String text = beginning.endsWith(",") ? beginning.substring(0, beginning.length() - 1) : beginning;
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private void whole(Entry entry, Function<Entry, String> what) {
        if (entry.path().startsWith(covered)) {
            return;
        }
        if (entry.kind() == TreeNode.Kind.DIRECTORY) {
            covered = entry.path() + "/";
        }
        if (sentences.size() < SHOWN) {
            say(noun(entry.kind()) + " " + entry.path() + " " + what.apply(entry));
        } else {
            more++;
        }
    }

    private void compare(Entry before, Entry after) {
        String path = after.path();
        if (before.kind() != after.kind()) {
            say(noun(before.kind()) + " " + path + " became a " + noun(after.kind()));
            return;
        }
        if (before.content() != after.content()) {
            say(noun(after.kind()) + " " + path + " changed");
        }
        if (before.mode() != after.mode()) {
            say("mode of " + path + " changed from " + octal(before.mode()) + " to " + octal(after.mode()));
        }
        if (before.uid() != after.uid() || before.gid() != after.gid()) {
            say("owner of " + path + " changed from " + owner(before) + " to " + owner(after));
        }
    }

    private void say(String sentence) {
        if (sentences.size() < SHOWN) {
            sentences.add(sentence);
        } else {
            more++;
        }
    }

    private static String noun(TreeNode.Kind kind) {
        return switch (kind) {
            case FILE -> "file";
            case DIRECTORY -> "directory";
            case SYMLINK -> "link";
            case CHARACTER_DEVICE, BLOCK_DEVICE -> "device";
            case FIFO, SOCKET -> kind.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    private static String owner(Entry entry) {
        return Integer.toUnsignedString(entry.uid()) + ":" + Integer.toUnsignedString(entry.gid());
    }
}
