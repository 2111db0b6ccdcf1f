package dev.drydock.cli.render;

import dev.drydock.dockerfile.Finding;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.SourceRange;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A finding as BuildKit's {@code VertexWarning} writes it: texts in base64, one range for each line. */
public final class WarningJson {
    private WarningJson() {}

    /** The object, its members in BuildKit's order. */
    public static JsonValue of(BuildEvent.Warning warning) {
        Finding finding = warning.finding();
        JsonValue.Members members = JsonValue.object()
                .put("vertex", warning.vertex().toString())
                .put("level", 1)
                .put("short", base64(Findings.oneLine(finding)))
                .put("detail", JsonValue.strings(List.of(base64(finding.rule().description()))));
        members.putUnlessEmpty("url", finding.rule().url());
        return members.put(
                        "sourceInfo",
                        JsonValue.object()
                                .put("filename", finding.range().file())
                                .put("data", base64(warning.source()))
                                .put("language", "Dockerfile")
                                .build())
                .put("range", ranges(finding.range()))
                .build();
    }

    /** One range for each line. */
    static JsonValue ranges(SourceRange range) {
        List<JsonValue> ranges = new ArrayList<>();
        for (int line = range.startLine(); line <= range.endLine(); line++) {
            JsonValue position = JsonValue.object().put("line", line).build();
            ranges.add(JsonValue.object()
                    .put("start", position)
                    .put("end", position)
                    .build());
        }
        return JsonValue.array(ranges);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
