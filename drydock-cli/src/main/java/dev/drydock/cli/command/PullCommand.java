package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.cli.render.TransferView;
import dev.drydock.engine.PullResult;
import dev.drydock.engine.TransferEvent;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code drydock pull}. */
final class PullCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock pull", "Download an image from a registry")
                .operands("NAME[:TAG|@DIGEST]", Arity.exactly(1), OperandKind.NOTHING)
                .about("Layers that the store has are not downloaded again. Everything is checked against its digest.")
                .alias("drydock image pull", "drydock pull")
                .flag(Flag.toggle("all-tags", "Download all tagged images in the repository")
                        .letter('a'))
                .flag(Flag.value("platform", "string", "Set platform if server is multi-platform capable"))
                .flag(Flag.toggle("quiet", "Suppress verbose output").letter('q'))
                .flag(Upkeep.FLAG)
                .example("Get a base image", "drydock pull alpine:3.20")
                .example("Get exactly one image, whatever its tag says today", "drydock pull alpine@sha256:DIGEST")
                .build();
    }

    @Override
    public boolean addsToStore() {
        return true;
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        boolean quiet = arguments.isOn("quiet");
        ImageRef name = RegistryNames.parse(arguments.operands().getFirst());
        Platform platform = platform(arguments, session);
        if (arguments.isOn("all-tags") && (name.tag() != null || name.digest() != null)) {
            throw new CommandFailed("tag can't be used with --all-tags/-a");
        }
        PrintStream out = session.out();
        if (!quiet && !arguments.isOn("all-tags") && name.tag() == null && name.digest() == null) {
            out.println("Using default tag: latest");
            out.flush();
        }
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            if (!arguments.isOn("all-tags")) {
                pull(store, name, platform, quiet, session);
                out.println(name.withDefaultTag());
                return 0;
            }
            for (String tag : store.remoteTags(name)) {
                pull(store, new ImageRef(name.domain(), name.path(), tag, null), platform, quiet, session);
            }
            out.println(name.repository());
            return 0;
        } catch (RemoteFault | UserFault fault) {
            throw new CommandFailed("Error response from daemon: " + fault.text(), 1, fault.hints());
        }
    }

    private static void pull(Store store, ImageRef name, Platform platform, boolean quiet, Session session)
            throws InterruptedException {
        PrintStream out = session.out();
        PullResult result;
        try (TransferView view = RegistryNames.view(session, quiet)) {
            result = store.pull(name, platform, event -> {
                if (event instanceof TransferEvent.Begun(ImageRef begun) && !quiet) {
                    out.println((begun.digest() != null ? begun.toString() : begun.tag()) + ": Pulling from "
                            + begun.path());
                    out.flush();
                }
                view.accept(event);
            });
        }
        if (!quiet) {
            out.println("Digest: " + result.digest());
            out.println("Status: "
                    + (result.status() == PullResult.Status.DOWNLOADED
                            ? "Downloaded newer image for "
                            : "Image is up to date for ")
                    + result.name().familiar());
        }
    }

    private static Platform platform(Arguments arguments, Session session) {
        @Nullable String text = arguments.value("platform");
        if (text == null) {
            text = session.env("DOCKER_DEFAULT_PLATFORM");
        }
        try {
            return text == null ? Platform.host() : Platform.parse(text);
        } catch (UserFault e) {
            throw new CommandFailed(e.text(), 1, List.copyOf(e.hints()));
        }
    }
}
