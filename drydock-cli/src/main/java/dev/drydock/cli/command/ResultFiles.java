package dev.drydock.cli.command;

import dev.drydock.cli.render.ProvenanceJson;
import dev.drydock.cli.render.WarningJson;
import dev.drydock.engine.BuildResult;
import dev.drydock.engine.Provenance;
import dev.drydock.event.BuildEvent;
import dev.drydock.oci.DescriptorJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files that tell scripts what a build made: {@code --iidfile} and {@code --metadata-file}.
 *
 * @param findings whether the latter tells of findings too: {@code BUILDX_METADATA_WARNINGS}
 * @param amount how much it tells of where the result comes from: {@code BUILDX_METADATA_PROVENANCE}
 */
record ResultFiles(@Nullable Path imageId, @Nullable Path metadata, boolean findings, Amount amount) {
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    static ResultFiles of(Arguments arguments, Session session) {
        String findings = session.env("BUILDX_METADATA_WARNINGS");
        return new ResultFiles(
                resolved(arguments.value("iidfile"), session),
                resolved(arguments.value("metadata-file"), session),
                findings != null && GoBool.of(findings).orElse(false),
                Amount.of(session.env("BUILDX_METADATA_PROVENANCE")));
    }

    /** How much of the provenance is told. */
    enum Amount {
        NONE,
        MIN,
        MAX;

        private static Amount of(@Nullable String text) {
            if (text == null) {
                return MIN;
            }
            if (text.equals("max")) {
                return MAX;
            }
            boolean wanted = !text.equals("disabled") && GoBool.of(text).orElse(true);
            return wanted ? MIN : NONE;
        }
    }

    private static @Nullable Path resolved(@Nullable String name, Session session) {
        return name == null ? null : session.directory().resolve(name);
    }

    /** Before the build: that they can be written, and that an ID of an earlier one is not taken for this one's. */
    void prepare() {
        if (imageId != null) {
            check("write image ID file " + imageId, imageId);
            try {
                if (!isOther(imageId)) {
                    Files.deleteIfExists(imageId);
                }
            } catch (IOException e) {
                throw failed("remove image ID file " + imageId, FileProblem.of(e));
            }
        }
        if (metadata != null) {
            check("write metadata file " + metadata, metadata);
        }
    }

    private static void check(String what, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw failed(what, "it is a directory");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw failed(what, "its directory does not exist");
        }
        if (isPipe(file)) {
            throw failed(what, "it is a named pipe");
        }
    }

    /** Whether it is neither file nor directory, as {@code /dev/null}: it is written to and stays what it is. */
    private static boolean isOther(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    /** Nobody may be there to read it. */
    private static boolean isPipe(Path file) {
        try {
            return !file.toString().matches("/dev/(fd/[0-9]+|stdout|stderr)|/proc/self/fd/[0-9]+")
                    && ((int) Files.getAttribute(file, "unix:mode") & TYPE) == FIFO;
        } catch (IOException notThereYet) {
            return false;
        }
    }

    void write(BuildResult result, List<BuildEvent.Warning> warnings, Instant started, Instant finished) {
        BuildResult.Image image = result.image();
        if (imageId != null && image != null) {
            try {
                Files.writeString(imageId, image.id().toString());
            } catch (IOException e) {
                throw failed("write image ID file " + imageId, FileProblem.of(e));
            }
        }
        if (metadata != null) {
            write(metadata, json(result, findings ? warnings : List.of(), started, finished));
        }
    }

    private String json(BuildResult result, List<BuildEvent.Warning> warnings, Instant started, Instant finished) {
        BuildResult.Image image = result.image();
        Provenance provenance = result.provenance();
        String build = UUID.randomUUID().toString().replace("-", "").substring(0, 25);
        JsonValue.Members members = JsonValue.object();
        if (provenance != null && amount != Amount.NONE) {
            ProvenanceJson.Run run = amount == Amount.MAX ? new ProvenanceJson.Run(build, started, finished) : null;
            members.put("buildx.build.provenance", ProvenanceJson.of(provenance, run));
        }
        members.put("buildx.build.ref", "default/default/" + build);
        if (!warnings.isEmpty()) {
            members.put(
                    "buildx.build.warnings",
                    JsonValue.array(warnings.stream().map(WarningJson::of).toList()));
        }
        if (image == null) {
            return members.build().indented(2);
        }
        members.put("containerimage.config.digest", image.id().toString())
                .put("containerimage.descriptor", DescriptorJson.write(image.manifest()))
                .put("containerimage.digest", image.manifest().digest().toString());
        if (!image.names().isEmpty()) {
            members.put(
                    "image.name", image.names().stream().map(ImageRef::toString).collect(Collectors.joining(",")));
        }
        return members.build().indented(2);
    }

    /** Whoever waits for the file sees all of it or nothing. */
    private static void write(Path file, String text) {
        if (isOther(file)) {
            try {
                Files.writeString(file, text);
                return;
            } catch (IOException e) {
                throw failed("write metadata file " + file, FileProblem.of(e));
            }
        }
        Path fresh = file.resolveSibling(
                "." + file.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try {
            try {
                Files.writeString(fresh, text);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw failed("write metadata file " + file, FileProblem.of(e));
        }
    }

    private static CommandFailed failed(String what, String cause) {
        return new CommandFailed(
                "ERROR: failed to build: " + what + ": " + cause,
                1,
                List.of("Name a file in a directory that exists."));
    }
}
