package dev.drydock.engine;

import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code import} is told beside the archive.
 *
 * @param name the image's name with its tag; null leaves it dangling
 * @param changes Dockerfile instructions for the configuration, one each: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK,
 *     LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR
 * @param message the comment in the image's history
 */
public record ImportRequest(@Nullable ImageRef name, List<String> changes, String message, Platform platform) {
    public ImportRequest {
        changes = List.copyOf(changes);
    }
}
