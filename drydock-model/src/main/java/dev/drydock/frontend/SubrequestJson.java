package dev.drydock.frontend;

import dev.drydock.dockerfile.Finding;
import dev.drydock.fault.SourceRange;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the frontend answers without building, in the JSON of BuildKit's subrequests. */
public final class SubrequestJson {
    private SubrequestJson() {}

    /** The answer to {@code check}. */
    public static String of(CheckReport report, Definition definition) {
        List<JsonValue> warnings = new ArrayList<>();
        for (Finding finding : report.findings()) {
            warnings.add(JsonValue.object()
                    .put("ruleName", finding.rule().title())
                    .put("description", finding.rule().description())
                    .putUnlessEmpty("url", finding.rule().url())
                    .put("detail", finding.detail())
                    .put("location", location(finding.range()))
                    .build());
        }
        JsonValue source = JsonValue.object()
                .put("filename", definition.fileName())
                .put("data", base64(definition.text()))
                .put("language", "Dockerfile")
                .build();
        JsonValue.Members members = JsonValue.object()
                .put("warnings", warnings.isEmpty() ? new JsonValue.Null() : JsonValue.array(warnings))
                .put("sources", JsonValue.array(List.of(source)));
        if (report.fault() != null) {
            members.put(
                    "buildError",
                    JsonValue.object()
                            .put("message", report.fault().text())
                            .put("location", location(report.fault().range().orElse(null)))
                            .build());
        }
        return members.build().indented(2);
    }

    /** The answer to {@code outline}. */
    public static String of(Outline outline, Definition definition) {
        List<JsonValue> args = new ArrayList<>();
        for (Outline.Arg arg : outline.args()) {
            args.add(JsonValue.object()
                    .put("name", arg.name())
                    .putUnlessEmpty("description", arg.description())
                    .putUnlessEmpty("value", arg.value())
                    .put("location", location(arg.range()))
                    .build());
        }
        JsonValue.Members members = JsonValue.object()
                .putUnlessEmpty("name", outline.name())
                .putUnlessEmpty("description", outline.description());
        putUnlessEmpty(members, "args", args);
        putUnlessEmpty(members, "secrets", secrets(outline.secrets()));
        putUnlessEmpty(members, "ssh", secrets(outline.agents()));
        return members.put("sources", JsonValue.strings(List.of(base64(definition.text()))))
                .build()
                .indented(2);
    }

    private static void putUnlessEmpty(JsonValue.Members members, String name, List<JsonValue> values) {
        if (!values.isEmpty()) {
            members.put(name, JsonValue.array(values));
        }
    }

    private static List<JsonValue> secrets(List<Outline.Secret> secrets) {
        List<JsonValue> values = new ArrayList<>();
        for (Outline.Secret secret : secrets) {
            values.add(JsonValue.object()
                    .put("name", secret.name())
                    .putIfTrue("required", secret.required())
                    .put("location", location(secret.range()))
                    .build());
        }
        return values;
    }

    /** The answer to {@code targets}. */
    public static String of(List<BuildTarget> targets, Definition definition) {
        List<JsonValue> values = new ArrayList<>();
        for (BuildTarget target : targets) {
            values.add(JsonValue.object()
                    .putUnlessEmpty("name", target.name())
                    .putIfTrue("default", target.usual())
                    .putUnlessEmpty("description", target.description())
                    .putUnlessEmpty("base", target.base())
                    .putUnlessEmpty("platform", target.platform())
                    .put("location", location(target.range()))
                    .build());
        }
        return JsonValue.object()
                .put("targets", JsonValue.array(values))
                .put("sources", JsonValue.strings(List.of(base64(definition.text()))))
                .build()
                .indented(2);
    }

    /** The answer to {@code subrequests.describe}. */
    public static String describe() {
        List<JsonValue> values = new ArrayList<>();
        for (Subrequest request : Subrequest.DESCRIBED) {
            values.add(JsonValue.object()
                    .put("name", "frontend." + request.title())
                    .put("version", Subrequest.VERSION)
                    .put("type", "rpc")
                    .put("description", request.about())
                    .put("opts", options(request))
                    .put("inputs", new JsonValue.Null())
                    .put("metadata", JsonValue.array(List.of(named("result.json", ""), named("result.txt", ""))))
                    .put("refs", new JsonValue.Null())
                    .build());
        }
        return JsonValue.array(values).indented(2);
    }

    private static JsonValue options(Subrequest request) {
        return switch (request) {
            case OUTLINE -> JsonValue.array(List.of(named("target", "Target build stage")));
            case CHECK, TARGETS -> JsonValue.array(List.of());
            case DESCRIBE -> new JsonValue.Null();
        };
    }

    private static JsonValue named(String name, String about) {
        return JsonValue.object().put("name", name).put("description", about).build();
    }

    /** One range for each line; empty for a fault that has no place. */
    private static JsonValue location(@Nullable SourceRange range) {
        if (range == null) {
            return JsonValue.object().build();
        }
        List<JsonValue> ranges = new ArrayList<>();
        for (int line = range.startLine(); line <= range.endLine(); line++) {
            JsonValue position = JsonValue.object().put("line", line).build();
            ranges.add(JsonValue.object()
                    .put("start", position)
                    .put("end", position)
                    .build());
        }
        return JsonValue.object().put("ranges", JsonValue.array(ranges)).build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
