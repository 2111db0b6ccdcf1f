package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import dev.drydock.oci.Digest;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Progress as BuildKit's status objects, one in a line. */
final class RawJsonView implements Progress.View {
    private final Screen screen;

    RawJsonView(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void show(BuildEvent event, Steps steps) {
        switch (event) {
            case BuildEvent.Queued queued -> vertex(steps.step(queued.vertex()));
            case BuildEvent.Started started -> vertex(steps.step(started.vertex()));
            case BuildEvent.Completed done -> vertex(steps.step(done.vertex()));
            case BuildEvent.Cached cached -> vertex(steps.step(cached.vertex()));
            case BuildEvent.Failed failed -> vertex(steps.step(failed.vertex()));
            case BuildEvent.Canceled canceled -> vertex(steps.step(canceled.vertex()));
            case BuildEvent.Status status -> {
                JsonValue.Members members = JsonValue.object()
                        .put("id", status.id())
                        .put("vertex", status.vertex().toString())
                        .put("current", status.current())
                        .putUnlessZero("total", status.total())
                        .put("timestamp", Rfc3339.format(status.at()))
                        .put("started", Rfc3339.format(status.started()));
                time(members, "completed", status.completed());
                print("statuses", members.build());
            }
            case BuildEvent.Log log ->
                print(
                        "logs",
                        JsonValue.object()
                                .put("vertex", log.vertex().toString())
                                .put("stream", log.stream().descriptor())
                                .put(
                                        "data",
                                        Base64.getEncoder()
                                                .encodeToString(log.text().getBytes(StandardCharsets.UTF_8)))
                                .put("timestamp", Rfc3339.format(log.at()))
                                .build());
            case BuildEvent.Warning warning -> print("warnings", WarningJson.of(warning));
            case BuildEvent.Explained explained ->
                print(
                        "explanations",
                        JsonValue.object()
                                .put("vertex", explained.vertex().toString())
                                .put("reasons", JsonValue.strings(explained.reasons()))
                                .build());
            case BuildEvent.Finished _ -> screen.out().flush();
        }
    }

    private void vertex(Steps.Step step) {
        JsonValue.Members members = JsonValue.object().put("digest", step.vertex.toString());
        if (!step.inputs.isEmpty()) {
            members.put(
                    "inputs",
                    JsonValue.strings(step.inputs.stream().map(Digest::toString).toList()));
        }
        members.put("name", step.name);
        time(members, "started", step.started);
        time(members, "completed", step.ended);
        members.putIfTrue("cached", step.state == Steps.State.CACHED);
        String error = step.state == Steps.State.CANCELED ? "context canceled" : step.error;
        print("vertexes", members.putUnlessEmpty("error", error).build());
    }

    private static void time(JsonValue.Members members, String name, @Nullable Instant at) {
        if (at != null) {
            members.put(name, Rfc3339.format(at));
        }
    }

    private void print(String kind, JsonValue value) {
        screen.out()
                .print(JsonValue.object()
                                .put(kind, JsonValue.array(List.of(value)))
                                .build()
                                .compact()
                        + "\n");
    }

    @Override
    public void close(Steps steps) {
        screen.out().flush();
    }
}
