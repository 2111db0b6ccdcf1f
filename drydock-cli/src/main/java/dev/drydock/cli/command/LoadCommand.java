package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.LoadedImage;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code drydock load}. */
final class LoadCommand implements Command {
    private static final int BUFFER = 1 << 18;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock load", "Load an image from a tar archive or STDIN")
                .operands("", Arity.NONE, OperandKind.NOTHING)
                .about(
                        "Takes what docker save, podman save, buildah, skopeo and drydock save write, plain or compressed, "
                                + "with all images in it.")
                .alias("drydock image load", "drydock load")
                .flag(Flag.value("input", "string", "Read from tar archive file, instead of STDIN")
                        .letter('i'))
                .flag(Flag.value("platform", "string", "Load only the given platform of a multi-platform image"))
                .flag(Flag.toggle("quiet", "Suppress the load output").letter('q'))
                .flag(Upkeep.FLAG)
                .example("Take an image from Podman", "podman save hello | drydock load")
                .example("From a file", "drydock load -i images.tar.zst")
                .build();
    }

    @Override
    public boolean addsToStore() {
        return true;
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        String text = arguments.value("platform");
        Platform platform = text == null ? Platform.host() : Platform.parse(text);
        try (Interruption _ = Interruption.ofThisThread();
                InputStream archive = open(arguments, session);
                Store store = session.store()) {
            for (LoadedImage image : store.load(archive, platform)) {
                for (ImageRef name : image.names()) {
                    session.out().println("Loaded image: " + name.familiar());
                }
                if (image.names().isEmpty()) {
                    session.out().println("Loaded image ID: " + image.id());
                }
            }
            return 0;
        } catch (UserFault | CorruptData fault) {
            throw new CommandFailed(fault.text(), 1, fault.hints());
        } catch (IOException e) {
            throw new CommandFailed("load: " + e.getMessage());
        }
    }

    private static InputStream open(Arguments arguments, Session session) throws IOException {
        String input = arguments.value("input");
        if (input != null && !input.isEmpty()) {
            Path file = session.directory().resolve(input);
            if (!Files.exists(file)) {
                throw new CommandFailed("open " + input + ": no such file or directory");
            }
            return new BufferedInputStream(Files.newInputStream(file), BUFFER);
        }
        if (session.terminals().in()) {
            throw new CommandFailed(
                    "requested load from stdin, but stdin is empty",
                    1,
                    List.of("Name a file with -i, or pipe an archive in: docker save IMAGE | drydock load"));
        }
        return session.in();
    }
}
