package dev.drydock.cli.render;

import dev.drydock.engine.Provenance;
import dev.drydock.fault.SourceRange;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.DescriptorJson;
import dev.drydock.oci.Digest;
import dev.drydock.oci.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps of a build in its provenance: steps have numbers, and all that is said of one names it by its number. */
final class DefinitionJson {
    private final Provenance.Definition definition;
    private final Map<Digest, String> ids = new LinkedHashMap<>();

    DefinitionJson(Provenance.Definition definition) {
        this.definition = definition;
        definition.steps().forEach(step -> ids.put(step.digest(), "step" + ids.size()));
    }

    /** What was done: SLSA's {@code buildConfig}. The last step only names the result, as a definition's last op does. */
    JsonValue steps() {
        List<JsonValue> steps = new ArrayList<>();
        for (Vertex step : definition.steps()) {
            steps.add(step(id(step.digest()), OpJson.of(step), step.inputs()));
        }
        if (!steps.isEmpty()) {
            Digest result = definition.steps().getLast().digest();
            JsonValue nothing =
                    JsonValue.object().put("Op", JsonValue.object().build()).build();
            steps.add(step("step" + steps.size(), nothing, List.of(new Edge(result, 0))));
        }
        JsonValue.Members mapping = JsonValue.object();
        new TreeMap<>(texts(ids)).forEach(mapping::put);
        return steps.isEmpty()
                ? JsonValue.object().build()
                : JsonValue.object()
                        .put("llbDefinition", JsonValue.array(steps))
                        .put("digestMapping", mapping.build())
                        .build();
    }

    private static Map<String, String> texts(Map<Digest, String> ids) {
        Map<String, String> texts = new LinkedHashMap<>();
        ids.forEach((digest, id) -> texts.put(digest.toString(), id));
        return texts;
    }

    private JsonValue step(String id, JsonValue op, List<Edge> inputs) {
        return JsonValue.object()
                .put("id", id)
                .put("op", op)
                .putUnlessEmpty(
                        "inputs",
                        inputs.stream()
                                .map(input -> id(input.vertex()) + ":" + input.output())
                                .toList())
                .build();
    }

    private String id(Digest step) {
        String id = ids.get(step);
        if (id == null) {
            throw new IllegalArgumentException("no step " + step);
        }
        return id;
    }

    /** Where the steps were written and which layers they made. */
    JsonValue metadata() {
        JsonValue.Members locations = JsonValue.object();
        definition.places().forEach((step, place) -> locations.put(id(step), location(place)));
        JsonValue.Members source = JsonValue.object();
        if (!definition.places().isEmpty()) {
            source.put("locations", locations.build());
        }
        source.put(
                "infos",
                JsonValue.array(List.of(JsonValue.object()
                        .put("filename", definition.file())
                        .put("language", "Dockerfile")
                        .put("data", WarningJson.base64(definition.text()))
                        .build())));
        JsonValue.Members members = JsonValue.object().put("source", source.build());
        if (!definition.layers().isEmpty()) {
            JsonValue.Members layers = JsonValue.object();
            ids.forEach((step, id) -> {
                List<Descriptor> chain = definition.layers().get(step);
                if (chain != null) {
                    JsonValue descriptors = JsonValue.array(
                            chain.stream().map(DescriptorJson::write).toList());
                    layers.put(id + ":0", JsonValue.array(List.of(descriptors)));
                }
            });
            members.put("layers", layers.build());
        }
        return members.build();
    }

    private static JsonValue location(SourceRange place) {
        JsonValue ranges =
                JsonValue.object().put("ranges", WarningJson.ranges(place)).build();
        return JsonValue.object()
                .put("locations", JsonValue.array(List.of(ranges)))
                .build();
    }
}
