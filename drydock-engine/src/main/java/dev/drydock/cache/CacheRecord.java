package dev.drydock.cache;

import dev.drydock.oci.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step made, and why it was made.
 *
 * @param identity what keys of later steps are made of
 * @param keys under which it is found, the best first; of an evicted record those it had
 * @param outputs for each output of the step the IDs of its layers, bottom to top
 * @param parts the facts of its key by name, safe to show
 * @param evicted the layers are gone, so that the record only serves to say so
 */
public record CacheRecord(
        long id,
        Digest identity,
        List<Digest> keys,
        List<List<String>> outputs,
        Map<String, String> parts,
        Instant created,
        Instant lastUsed,
        boolean evicted) {
    public CacheRecord {
        keys = List.copyOf(keys);
        List<List<String>> copies = new ArrayList<>();
        for (List<String> output : outputs) {
            copies.add(List.copyOf(output));
        }
        outputs = List.copyOf(copies);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }
}
