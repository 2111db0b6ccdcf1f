package dev.drydock.engine;

import dev.drydock.fault.SourceRange;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What went into a build, as BuildKit records it. No value of a secret is in it, and no password of an address.
 *
 * @param source where the Dockerfile and its context came from; null if from this host
 * @param entryPoint the Dockerfile in it
 * @param arguments what the build was told, by BuildKit's names for it
 * @param secrets that steps asked for
 * @param agents likewise
 * @param locals the names of the directories of this host that were read
 * @param materials images, repositories and files of web servers that the result is made of
 * @param network whether a step may have used the network
 * @param definition the steps themselves
 * @see <a href="https://slsa.dev/spec/v0.2/provenance">SLSA provenance 0.2</a>
 */
public record Provenance(
        @Nullable Material source,
        String entryPoint,
        Map<String, String> arguments,
        List<Asked> secrets,
        List<Asked> agents,
        List<String> locals,
        List<Material> materials,
        boolean network,
        Definition definition) {
    public Provenance {
        arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
        secrets = List.copyOf(secrets);
        agents = List.copyOf(agents);
        locals = List.copyOf(locals);
        materials = List.copyOf(materials);
    }

    /**
     * Something at an address as it was then.
     *
     * @param uri a package URL for an image
     * @param algorithm of the digest: {@code sha256} or {@code sha1}
     * @param hex the digest
     */
    public record Material(String uri, String algorithm, String hex) {}

    /**
     * What was done.
     *
     * @param steps that the result needs, inputs first; the last one's is the result. Images are pinned to a digest, and
     *     users and passwords of addresses are masked, so that the digest of a step is the one that events name and not
     *     that of what stands here
     * @param file the name of the Dockerfile
     * @param text all of it
     * @param places where in it a step was written, for those that were
     * @param layers for each step whose result is in the image, the image's layers up to there, the lowest first; empty if
     *     no image was made
     */
    public record Definition(
            List<Vertex> steps,
            String file,
            String text,
            Map<Digest, SourceRange> places,
            Map<Digest, List<Descriptor>> layers) {
        public Definition {
            steps = List.copyOf(steps);
            places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
            layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
        }
    }

    /** A secret or an agent by its name; {@code optional} if the steps go on without. */
    public record Asked(String id, boolean optional) {}
}
