package dev.drydock.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why rungs do not work here: each reason once, with all that it holds for. */
final class ProbeFailures {
    private final Map<String, Reason> reasons = new LinkedHashMap<>();

    private record Reason(String words, List<Rung> rungs) {}

    /**
     * Notes a rung that did not work.
     *
     * @param id the trial's own name, which may be anywhere in the words and is no difference between two
     */
    void add(Rung rung, String id, String words) {
        reasons.computeIfAbsent(words.replace(id, ""), _ -> new Reason(words, new ArrayList<>()))
                .rungs
                .add(rung);
    }

    /** {@code crun and runc: why; chroot: why}. How layers are shown is told only where it makes a difference. */
    String text() {
        List<String> sentences = new ArrayList<>();
        for (Reason reason : reasons.values()) {
            Set<String> subjects = new LinkedHashSet<>();
            for (Rung rung : reason.rungs) {
                subjects.add(isBrief(rung) ? isolation(rung) : rung.label());
            }
            sentences.add(listed(List.copyOf(subjects)) + ": " + reason.words);
        }
        return String.join("; ", sentences);
    }

    private boolean isBrief(Rung rung) {
        return reasons.values().stream()
                        .filter(reason -> reason.rungs.stream()
                                .anyMatch(each -> isolation(each).equals(isolation(rung))))
                        .count()
                == 1;
    }

    private static String isolation(Rung rung) {
        return rung.mounts() ? new Rung(rung.runtime(), RootMount.OVERLAY, rung.ownProc(), true).label() : rung.label();
    }

    private static String listed(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.getFirst() : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
