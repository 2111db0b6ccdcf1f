package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resolver that knows a few images and remembers what it was asked. */
final class FakeImages implements Resolver {
    private static final Digest LAYER = Digest.of("layer".getBytes(StandardCharsets.UTF_8));

    /** By name; {@code @} stands for the architecture asked for. */
    private final Map<String, String> configs = new LinkedHashMap<>();

    final List<Dated> dated = new ArrayList<>();

    @Nullable
    Instant changed;

    final List<String> missing = new ArrayList<>();
    final List<List<String>> rounds = new ArrayList<>();

    FakeImages() {
        put("busybox:1.37", "\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"sh\"]");
        put("busybox", "\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"sh\"]");
        put("alpine:3.18", "\"Env\":[\"PATH=/usr/bin:/bin\"],\"Cmd\":[\"/bin/sh\"],\"WorkingDir\":\"/\"");
        put("rust:1.92-alpine", "\"Env\":[\"PATH=/usr/local/cargo/bin:/bin\"]");
        put(
                "app",
                "\"Env\":[\"PATH=/bin\",\"MODE=prod\"],\"User\":\"app\",\"WorkingDir\":\"/srv\",\"Labels\":{\"a\":\"base\"}");
        put(
                "triggers",
                "\"Env\":[\"PATH=/bin\"],\"OnBuild\":[\"COPY --from=alpine:3.18 /etc/os-release /\",\"RUN x\"]");
        put("nopath", "\"Cmd\":[\"x\"]");
        put("bash", "\"Shell\":[\"/bin/bash\",\"-c\"]");
        put("armonly", "\"Env\":[\"PATH=/bin\"]");
    }

    @Override
    public Optional<Instant> changed(Dated source) {
        dated.add(source);
        return Optional.ofNullable(changed);
    }

    void put(String name, String config) {
        configs.put(
                ImageRef.parse(name).withDefaultTag().toString(),
                "{\"architecture\":\"@\",\"os\":\"linux\",\"created\":\"2026-01-02T03:04:05Z\",\"config\":{" + config
                        + "},\"history\":[{\"created\":\"2026-01-02T03:04:05Z\",\"created_by\":\"ADD root.tar / # buildkit\"}],"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + LAYER + "\"]}}");
    }

    @Override
    public List<ResolvedImage> resolve(List<ImageRequest> requests) {
        rounds.add(requests.stream()
                .map(request -> request.reference().familiar() + " " + request.platform())
                .toList());
        List<ResolvedImage> images = new ArrayList<>();
        for (ImageRequest request : requests) {
            String text = configs.get(request.reference().toString());
            if (text == null) {
                missing.add(request.reference().familiar());
                throw new UserFault(request.reference() + ": not found").hint("Import it.");
            }
            ImageConfig config = ImageConfigJson.read(text.replace(
                            "@",
                            request.reference().familiar().startsWith("armonly")
                                    ? "arm64"
                                    : request.platform().architecture())
                    .getBytes(StandardCharsets.UTF_8));
            Digest manifest = Digest.of(request.reference().toString().getBytes(StandardCharsets.UTF_8));
            images.add(new ResolvedImage(request.reference(), manifest, config));
        }
        return images;
    }
}
