package dev.drydock.cli.render;

import dev.drydock.engine.Provenance;
import dev.drydock.engine.Provenance.Asked;
import dev.drydock.engine.Provenance.Material;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.Platform;
import dev.drydock.oci.Rfc3339;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A build's provenance as a SLSA 0.2 predicate, its members in BuildKit's order. */
public final class ProvenanceJson {
    private static final String BUILD_TYPE = "https://mobyproject.org/buildkit@v1";
    private static final String FRONTEND = "dockerfile.v0";
    /** The version of the language, which is BuildKit 0.32's. */
    private static final String LANGUAGE = "1.26.0";
    /** The meaning that BuildKit 0.31 and later give to requests. */
    private static final long COMPATIBILITY = 30;

    private ProvenanceJson() {}

    /**
     * What only the run of a build tells.
     *
     * @param invocation the build's ID
     */
    public record Run(String invocation, Instant started, Instant finished) {}

    /** @param run null leaves it and the steps out, as BuildKit's clients do unless they are asked for all there is */
    public static JsonValue of(Provenance provenance, @Nullable Run run) {
        JsonValue.Members members = JsonValue.object()
                .put("builder", JsonValue.object().put("id", "").build())
                .put("buildType", BUILD_TYPE);
        if (!provenance.materials().isEmpty()) {
            members.put(
                    "materials",
                    JsonValue.array(provenance.materials().stream()
                            .map(ProvenanceJson::material)
                            .toList()));
        }
        members.put("invocation", invocation(provenance));
        if (run != null) {
            DefinitionJson definition = new DefinitionJson(provenance.definition());
            members.put("buildConfig", definition.steps()).put("metadata", metadata(provenance, definition, run));
        }
        return members.build();
    }

    private static JsonValue material(Material material) {
        return JsonValue.object()
                .put("uri", material.uri())
                .put("digest", digest(material))
                .build();
    }

    private static JsonValue digest(Material material) {
        return JsonValue.object().put(material.algorithm(), material.hex()).build();
    }

    private static JsonValue invocation(Provenance provenance) {
        JsonValue.Members source = JsonValue.object();
        Material from = provenance.source();
        if (from != null) {
            source.put("uri", from.uri()).put("digest", digest(from));
        }
        JsonValue.Members parameters = JsonValue.object().put("frontend", FRONTEND);
        parameters.putUnlessEmpty("args", provenance.arguments());
        put(parameters, "secrets", provenance.secrets());
        put(parameters, "ssh", provenance.agents());
        if (!provenance.locals().isEmpty()) {
            parameters.put(
                    "locals",
                    JsonValue.array(provenance.locals().stream()
                            .map(name -> JsonValue.object().put("name", name).build())
                            .toList()));
        }
        return JsonValue.object()
                .put(
                        "configSource",
                        source.put("entryPoint", provenance.entryPoint()).build())
                .put(
                        "parameters",
                        parameters.put("compatibilityVersion", COMPATIBILITY).build())
                .put(
                        "environment",
                        JsonValue.object()
                                .put("dockerfileVersion", LANGUAGE)
                                .put("platform", Platform.host().toString())
                                .build())
                .build();
    }

    private static void put(JsonValue.Members members, String name, List<Asked> all) {
        if (!all.isEmpty()) {
            members.put(
                    name,
                    JsonValue.array(all.stream()
                            .map(each -> JsonValue.object()
                                    .put("id", each.id())
                                    .putIfTrue("optional", each.optional())
                                    .build())
                            .toList()));
        }
    }

    private static JsonValue metadata(Provenance provenance, DefinitionJson definition, Run run) {
        boolean complete = provenance.locals().isEmpty();
        return JsonValue.object()
                .put("buildInvocationID", run.invocation())
                .put("buildStartedOn", Rfc3339.format(run.started()))
                .put("buildFinishedOn", Rfc3339.format(run.finished()))
                .put(
                        "completeness",
                        JsonValue.object()
                                .put("parameters", true)
                                .put("environment", true)
                                .put("materials", complete)
                                .build())
                .put("reproducible", false)
                .put(BUILD_TYPE + "#metadata", definition.metadata())
                .putIfTrue(BUILD_TYPE + "#hermetic", complete && !provenance.network())
                .build();
    }
}
