package dev.drydock.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Dockerfiles with what BuildKit 0.32 says of them, one after the other in {@code language/cases.txt}: the findings of its
 * checks over all stages, and the fault of the last stage. Written in the file are {@code \r}, {@code \t}, {@code \v} and
 * {@code \BOM}.
 */
record LanguageCases(
        String text, List<String> findings, @Nullable String fault) {
    private static final String EXPECTED = "=> ";

    static List<LanguageCases> read() throws IOException {
        String all;
        try (InputStream in = LanguageCases.class.getResourceAsStream("/language/cases.txt")) {
            all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        List<LanguageCases> cases = new ArrayList<>();
        for (String each : all.split("(?m)^---\n", -1)) {
            cases.add(of(each));
        }
        return cases;
    }

    private static LanguageCases of(String written) {
        List<String> text = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        String fault = null;
        for (String line : written.substring(0, written.length() - 1).split("\n", -1)) {
            if (!line.startsWith(EXPECTED)) {
                text.add(line);
            } else if (line.startsWith("E ", EXPECTED.length())) {
                fault = line.substring(EXPECTED.length() + 2);
            } else {
                findings.add(line.substring(EXPECTED.length() + 2));
            }
        }
        String read = String.join("\n", text)
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\v", "\u000B")
                .replace("\\BOM", "\uFEFF");
        return new LanguageCases(read, findings, fault);
    }
}
