package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code drydock save}. */
final class SaveCommand implements Command {
    private static final int BUFFER = 1 << 16;

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
            try (Store store = session.store()) {
                store.save(arguments.operands(), session.out());
            }
            if (session.out().checkError()) {
                throw new CommandFailed("failed to save image: write to standard output failed");
            }
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
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            write(store, arguments, file, folder);
        } catch (IOException e) {
            throw new CommandFailed("failed to save image: write " + output + ": " + FileProblem.of(e));
        }
        return 0;
    }

    /** Through a file beside it, so that the name never stands for half an archive. */
    private static void write(Store store, Arguments arguments, Path file, Path folder)
            throws IOException, InterruptedException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe or a device
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
                store.save(arguments.operands(), out);
            }
            return;
        }
        // made with mode 0600
        OwnFile.sweep(folder, ".drydock-save");
        Path part = Files.createTempFile(folder, OwnFile.prefix(".drydock-save"), ".tar");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
                store.save(arguments.operands(), out);
            }
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
