package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.cli.render.TransferView;
import dev.drydock.engine.Compression;
import dev.drydock.engine.PushResult;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code drydock push}. */
final class PushCommand implements Command {
    /** Docker's words, for images of several platforms. */
    private static final String NOTE = """

             Info -> Using --platform pushes only the specified platform manifest of a multi-platform image index.
                     Other components, like attestations, will not be included.
                     To push the complete multi-platform image, remove the --platform flag.

            """;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock push", "Upload an image to a registry")
                .operands("NAME[:TAG]", Arity.exactly(1), OperandKind.IMAGE)
                .about("What the registry has is not sent again; layers made here are compressed while they are sent.")
                .alias("drydock image push", "drydock push")
                .flag(Flag.toggle("all-tags", "Push all tags of an image to the repository")
                        .letter('a'))
                .flag(Flag.value("compression", "string", "What layers made here become")
                        .defaultsTo("gzip")
                        .oneOf("gzip", "uncompressed", "zstd"))
                .flag(Flag.value(
                        "compression-level", "int", "Level of the compression: 0 to 9 for gzip, 0 to 22 for zstd"))
                .flag(Flag.toggle("force-compression", "Compress layers again that came compressed in another way"))
                .flag(Flag.value("platform", "string", "Push only if the image is for this platform"))
                .flag(Flag.toggle("quiet", "Suppress verbose output").letter('q'))
                .example("To a registry of your own", "drydock push registry.example.com/team/hello:1.0")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        boolean quiet = arguments.isOn("quiet");
        boolean all = arguments.isOn("all-tags");
        ImageRef name = RegistryNames.parse(arguments.operands().getFirst());
        if (name.digest() != null) {
            throw new CommandFailed("cannot push a digest reference");
        }
        if (all && name.tag() != null) {
            throw new CommandFailed("tag can't be used with --all-tags/-a");
        }
        Compression compression = compression(arguments);
        String wanted = arguments.value("platform");
        Platform platform = wanted == null ? null : Platform.parse(wanted);
        if (platform != null) {
            session.err().print(NOTE);
        }
        if (!quiet) {
            if (!all && name.tag() == null) {
                session.out().println("Using default tag: latest");
            }
            session.out().println("The push refers to repository [" + name.repository() + "]");
            session.out().flush();
        }
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            List<ImageRef> names = all ? tags(store, name) : List.of(name.withDefaultTag());
            if (names.isEmpty()) {
                throw new CommandFailed("An image does not exist locally with the tag: " + name.familiar());
            }
            for (ImageRef each : names) {
                push(store, each, compression, platform, quiet, session);
            }
            if (quiet) {
                session.out().println(all ? name.repository() : name.withDefaultTag());
            }
            return 0;
        } catch (RemoteFault | UserFault fault) {
            throw new CommandFailed(fault.text(), 1, fault.hints());
        }
    }

    private static List<ImageRef> tags(Store store, ImageRef repository) {
        return store.images().stream()
                .flatMap(image -> image.names().stream())
                .filter(each -> each.repository().equals(repository.repository()))
                .sorted()
                .toList();
    }

    private static Compression compression(Arguments arguments) {
        String level = arguments.value("compression-level");
        try {
            return OutputForm.compression(
                    arguments.value("compression"),
                    level == null ? null : Long.valueOf(level),
                    arguments.isOn("force-compression"));
        } catch (NumberFormatException e) {
            throw new CommandFailed("non-integer value " + level + " specified for compression-level");
        } catch (UserFault e) {
            throw new CommandFailed(e.text(), 1, e.hints());
        }
    }

    private static void push(
            Store store,
            ImageRef name,
            Compression compression,
            @Nullable Platform platform,
            boolean quiet,
            Session session)
            throws InterruptedException {
        PushResult result;
        try (TransferView view = RegistryNames.view(session, quiet)) {
            result = store.push(name, compression, platform, view::accept);
        }
        if (!quiet) {
            session.out().println(name.tag() + ": digest: " + result.digest() + " size: " + result.size());
        }
    }
}
