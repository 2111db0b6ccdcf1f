package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Destination;
import dev.drydock.oci.Platform;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code drydock save}. */
final class SaveCommand implements Command {
    /** As docker save: an image may hold what others must not read. */
    private static final int PRIVATE = 0600;

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock save", "Save one or more images to a tar archive")
                .operands("IMAGE [IMAGE...]", Arity.atLeast(1), OperandKind.IMAGE)
                .about(
                        "The archive goes to standard output unless -o names a file. Docker, Podman and tools that read OCI "
                                + "layouts load it.")
                .alias("drydock image save", "drydock save")
                .flag(Flag.value("output", "string", "Write to a file, instead of STDOUT")
                        .letter('o'))
                .flag(Flag.value("platform", "string", "Save only the given platform of a multi-platform image"))
                .example("Hand an image to Podman", "drydock save hello | podman load")
                .example("Keep two images in one file", "drydock save -o images.tar hello:v1.0.0 hello:v1.1.0")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        String output = arguments.value("output");
        if (output == null || output.isEmpty()) {
            if (session.terminals().out()) {
                throw new CommandFailed("cowardly refusing to save to a terminal. Use the -o flag or redirect");
            }
            save(arguments, session, new Destination.Stream(new Unfailing(session.out())));
            return 0;
        }
        Path file = session.directory().resolve(output).toAbsolutePath();
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandFailed(
                    "failed to save image: invalid output path: stat " + folder + ": no such file or directory");
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailed("failed to save image: invalid output path: " + output + " is a directory");
        }
        save(arguments, session, new Destination.File(file, PRIVATE));
        return 0;
    }

    private static void save(Arguments arguments, Session session, Destination to) throws InterruptedException {
        String platform = arguments.value("platform");
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            store.save(arguments.operands(), platform == null ? null : Platform.parse(platform), to);
        }
    }
}
