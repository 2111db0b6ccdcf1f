package dev.drydock.cli.template;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class TemplateFuzz {
    private static final JsonValue DATA =
            JsonValue.parse("{\"A\":[1,\"x\"],\"B\":{\"C\":null}}".getBytes(StandardCharsets.UTF_8));

    @FuzzTest
    void anyTextFillsOrIsRefused(byte[] bytes) {
        try {
            Template.parse(new String(bytes, StandardCharsets.UTF_8)).fill(DATA, Map.of());
        } catch (TemplateError e) {
            if (e.getMessage() == null || !e.getMessage().startsWith("template: :")) {
                throw new AssertionError("a message without a place: " + e.getMessage(), e);
            }
        }
    }
}
