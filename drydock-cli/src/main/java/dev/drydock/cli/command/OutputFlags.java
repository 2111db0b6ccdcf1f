package dev.drydock.cli.command;

import static dev.drydock.cli.command.OutputAttributes.failed;
import static dev.drydock.cli.command.OutputAttributes.refused;

import dev.drydock.engine.Destination;
import dev.drydock.engine.Output;
import dev.drydock.engine.Output.ImageOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code -o}, {@code --push} and {@code --load}: from their words to {@link Output}s, refused as buildx and BuildKit refuse. */
final class OutputFlags {
    private static final int READABLE = 0644;
    private static final Set<String> FILES_KEYS =
            Set.of("mode", "platform-split", "source-date-epoch", "attestation-prefix");

    private final Session session;
    private final Arguments arguments;
    private boolean stdoutUsed;

    private OutputFlags(Arguments arguments, Session session) {
        this.arguments = arguments;
        this.session = session;
    }

    /** What the flags ask for; the image in the store if they say nothing. */
    static List<Output> of(Arguments arguments, Session session) {
        OutputFlags flags = new OutputFlags(arguments, session);
        List<Output> outputs = new ArrayList<>();
        for (String text : arguments.list("output")) {
            if (!text.isEmpty()) {
                outputs.add(flags.output(OutputAttributes.parse(text)));
            }
        }
        if (arguments.has("iidfile")
                && outputs.stream().anyMatch(each -> each instanceof Output.Files || each instanceof Output.Tar)) {
            throw failed("local and tar exporters are incompatible with image ID file");
        }
        if (arguments.isOn("push")) {
            push(outputs);
        }
        if (arguments.isOn("load") || outputs.isEmpty()) {
            load(outputs);
        }
        return outputs;
    }

    /** Every image that is made goes to its registries; without one, one is made for that. */
    private static void push(List<Output> outputs) {
        boolean pushed = false;
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) instanceof Output.Image image) {
                Set<ImageOption> options = EnumSet.copyOf(image.options());
                options.add(ImageOption.PUSH);
                outputs.set(i, new Output.Image(image.form(), image.names(), options, image.dangling()));
                pushed = true;
            }
        }
        if (!pushed) {
            outputs.add(Output.registry());
        }
    }

    private static void load(List<Output> outputs) {
        boolean stored = outputs.stream()
                .anyMatch(each ->
                        each instanceof Output.Image image && image.options().contains(ImageOption.STORE));
        if (!stored) {
            outputs.add(Output.store());
        }
    }

    private Output output(OutputAttributes output) {
        return switch (output.type()) {
            case "image" -> image(output, false);
            case "registry" -> image(output, true);
            case "docker" -> docker(output);
            case "oci" -> oci(output);
            case "local" -> local(output);
            case "tar" -> tar(output);
            case "cacheonly" -> {
                output.end(Set.of());
                yield new Output.CacheOnly();
            }
            default ->
                throw refused(
                        "exporter \"" + output.type() + "\" could not be found",
                        "Outputs are cacheonly, docker, image, local, oci, registry and tar.");
        };
    }

    private Output image(OutputAttributes output, boolean push) {
        if (output.dest() != null) {
            throw failed(
                    "output " + output.dest() + " is not supported by image exporter",
                    "type=docker and type=oci write files.");
        }
        Set<ImageOption> options = EnumSet.noneOf(ImageOption.class);
        option(options, ImageOption.PUSH, output.isOn("push", push));
        option(options, ImageOption.PUSH_BY_DIGEST, output.isOn("push-by-digest", false));
        option(options, ImageOption.INSECURE, output.isOn("registry.insecure", false));
        option(options, ImageOption.STORE, output.isOn("store", true));
        option(options, ImageOption.NAME_CANONICAL, output.isOn("name-canonical", false));
        option(options, ImageOption.DANGLING_EMPTY_ONLY, output.isOn("danging-name-empty-only", false));
        boolean unpack = output.isOn("unpack", false);
        String dangling = output.text("dangling-name-prefix");
        OutputForm form = OutputForm.of(output, arguments.list("tag"));
        if (unpack && form.form().rewriteTimes()) {
            throw refused("exporter option \"rewrite-timestamp\" conflicts with \"unpack\"");
        }
        if (options.contains(ImageOption.PUSH_BY_DIGEST)) {
            form.refuseTags();
        }
        output.end(OutputForm.IMAGE_KEYS);
        return new Output.Image(
                form.form(), form.names(), options, dangling == null ? null : OutputForm.repository(dangling));
    }

    private static void option(Set<ImageOption> options, ImageOption option, boolean on) {
        if (on) {
            options.add(option);
        }
    }

    /** Without a destination Docker's exporter loads the image: here, into the store. */
    private Output docker(OutputAttributes output) {
        if (!output.isOn("tar", true)) {
            throw failed(
                    "invalid output: type=docker is an archive, not a directory",
                    "type=oci,tar=false,dest=DIR writes a directory.");
        }
        String context = output.text("context");
        if (context != null && !context.equals("default")) {
            throw failed(
                    "no Docker context " + context + ": there is only the store of this program",
                    "Pipe the image there: drydock save IMAGE | docker --context " + context + " load");
        }
        OutputForm form = OutputForm.of(output, arguments.list("tag"));
        output.end(OutputForm.ARCHIVE_KEYS);
        return output.dest() == null
                ? new Output.Image(form.form(), form.names(), Set.of(ImageOption.STORE), null)
                : new Output.Archive(Output.ArchiveKind.DOCKER, form.form(), form.names(), file(output, output.dest()));
    }

    private Output oci(OutputAttributes output) {
        boolean tar = output.isOn("tar", true);
        OutputForm form = OutputForm.of(output, arguments.list("tag"));
        output.end(OutputForm.ARCHIVE_KEYS);
        return tar
                ? new Output.Archive(Output.ArchiveKind.OCI, form.form(), form.names(), file(output, output.dest()))
                : new Output.Layout(form.form(), form.names(), directory(output));
    }

    private Output local(OutputAttributes output) {
        Path directory = directory(output);
        String mode = output.text("mode");
        boolean split = output.isOn("platform-split", false);
        Instant epoch = OutputForm.epoch(output);
        output.text("attestation-prefix");
        output.end(FILES_KEYS);
        Output.Foreign foreign = switch (mode == null ? "" : mode.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "", "copy" -> Output.Foreign.KEEP;
            case "delete" -> Output.Foreign.DELETE;
            default -> throw refused("invalid local exporter mode \"" + mode + "\"");
        };
        boolean below = directory.startsWith(session.directory()) && !directory.equals(session.directory());
        if (foreign == Output.Foreign.DELETE
                && !below
                && !arguments.list("allow").contains("buildx.local.delete")) {
            throw failed(
                    "mode=delete would remove what else is in " + directory + ", which is not below this directory",
                    "Pass --allow buildx.local.delete if that is meant.");
        }
        return new Output.Files(directory, foreign, split, epoch);
    }

    private Output tar(OutputAttributes output) {
        output.isOn("platform-split", false); // one platform is never split
        Instant epoch = OutputForm.epoch(output);
        output.text("attestation-prefix");
        output.end(FILES_KEYS);
        return new Output.Tar(file(output, output.dest()), epoch);
    }

    private Path directory(OutputAttributes output) {
        String dest = output.dest();
        if (dest == null) {
            throw failed("dest is required for " + output.type() + " exporter");
        }
        if (dest.equals("-")) {
            throw failed("dest cannot be stdout for " + output.type() + " exporter");
        }
        Path directory = session.directory().resolve(dest).normalize();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw failed("destination directory " + dest + " is a file");
        }
        return directory;
    }

    private Destination file(OutputAttributes output, @Nullable String dest) {
        if (dest == null || dest.equals("-")) {
            if (stdoutUsed) {
                throw failed("multiple outputs configured to write to stdout");
            }
            if (session.terminals().out()) {
                throw failed(
                        "dest file is required for " + output.type() + " exporter. refusing to write to console",
                        "Write -o type=" + output.type() + ",dest=FILE, or redirect the output.");
            }
            stdoutUsed = true;
            return new Destination.Stream(new Unfailing(session.out()));
        }
        Path file = session.directory().resolve(dest).normalize();
        if (Files.isDirectory(file)) {
            throw failed("destination file " + dest + " is a directory");
        }
        return new Destination.File(file, READABLE);
    }
}
