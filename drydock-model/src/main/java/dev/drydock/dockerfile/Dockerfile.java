package dev.drydock.dockerfile;

import java.util.List;

/**
 * A parsed Dockerfile.
 *
 * @param fileName how messages call it
 * @param escape the escape character, {@code \} or {@code `}
 * @param instructions in order
 */
public record Dockerfile(String fileName, String text, char escape, List<Instruction> instructions) {
    public Dockerfile {
        instructions = List.copyOf(instructions);
    }
}
