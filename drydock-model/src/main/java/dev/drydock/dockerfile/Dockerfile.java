package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed Dockerfile.
 *
 * @param fileName how messages call it
 * @param directives parser directives by lower-case name: syntax, escape, check
 * @param escape the escape character, {@code \} or {@code `}
 * @param instructions in order
 * @param findings of the checks that the text alone decides
 */
public record Dockerfile(
        String fileName,
        String text,
        Map<String, String> directives,
        char escape,
        List<Instruction> instructions,
        List<Finding> findings) {
    public Dockerfile {
        directives = Collections.unmodifiableMap(new LinkedHashMap<>(directives));
        instructions = List.copyOf(instructions);
        findings = List.copyOf(findings);
    }

    /** What a check found: its rule's name, the message and where. */
    public record Finding(String rule, String message, SourceRange range) {}
}
