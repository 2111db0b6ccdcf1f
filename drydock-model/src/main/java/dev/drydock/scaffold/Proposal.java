package dev.drydock.scaffold;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that {@code init} proposes.
 *
 * @param files text by file name, in the order in which they are written and reported
 * @param url where the application answers once it runs; empty if it is no server
 * @param notes what the person should know or change, one sentence each
 */
public record Proposal(Map<String, String> files, String url, List<String> notes) {
    public Proposal {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        notes = List.copyOf(notes);
    }
}
