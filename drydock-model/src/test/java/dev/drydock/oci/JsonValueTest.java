package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonValueTest {
    private static JsonValue parse(String text) {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void membersKeepTheirOrderAndNumbersTheirDigits() {
        String text = "{\"b\":1.50,\"a\":[true,null,\"x\"],\"n\":123456789012345678901234567890,\"e\":-1E+3}";
        assertThat(parse(text).compact()).isEqualTo(text);
    }

    @Test
    void stringsAreEscapedAsGoEscapesThem() {
        String raw = "<a href=\"x\">&\\ \b\f\n\r\t\u0001\u007f\u2028\u2029 é 😀 \ud800!";
        assertThat(JsonValue.of(raw).compact())
                .isEqualTo(
                        "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\\\ \\b\\f\\n\\r\\t\\u0001\u007f\\u2028\\u2029 é 😀 \\ufffd!\"");
        assertThat(JsonValue.of("<missing>").compactForPeople()).isEqualTo("\"<missing>\"");
    }

    @Test
    void indentedTextIsThatOfMarshalIndent() {
        JsonValue value = JsonValue.object()
                .put("empty", JsonValue.object().build())
                .put("none", JsonValue.array(List.of()))
                .put("list", JsonValue.strings(List.of("a", "<b>")))
                .put("n", 3)
                .put("t", true)
                .build();
        assertThat(value.indentedForPeople())
                .isEqualTo(
                        "{\n    \"empty\": {},\n    \"none\": [],\n    \"list\": [\n        \"a\",\n        \"<b>\"\n    ],\n"
                                + "    \"n\": 3,\n    \"t\": true\n}");
        assertThat(value.indented(2)).contains("\n    \"\\u003cb\\u003e\"\n");
    }

    @Test
    void whatIsNoJsonIsCorruptDataWithThePlace() {
        for (String text : List.of("", " ", "{", "{\"a\":}", "[1,]", "nul", "{} {}", "\"\n\"", "{\"a\" 1}", "01")) {
            assertThatThrownBy(() -> parse(text))
                    .as(text)
                    .isInstanceOf(CorruptData.class)
                    .hasMessageStartingWith("parse JSON: ");
        }
        assertThatThrownBy(() -> parse("{\n \"a\" 1}")).hasMessageContaining("line 2, column ");
    }

    @Test
    void depthIsLimited() {
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(CorruptData.class);
    }

    @Test
    void everyTextSurvivesARoundTrip() {
        Random random = new Random(7);
        for (int n = 0; n < 2_000; n++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                int point = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(128);
                text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
            }
            JsonValue value =
                    JsonValue.object().put(text.toString(), text.toString()).build();
            assertThat(JsonValue.parse(value.bytes())).isEqualTo(value);
            assertThat(parse(value.indentedForPeople())).isEqualTo(value);
        }
    }
}
