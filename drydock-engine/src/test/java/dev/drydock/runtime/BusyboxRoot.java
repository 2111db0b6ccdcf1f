package dev.drydock.runtime;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A root file system of one layer around the host's static busybox, and process specs for it. */
final class BusyboxRoot {
    private final Path directory;
    private final List<Path> lowers = new ArrayList<>();
    private int steps;

    BusyboxRoot(Path directory) throws IOException {
        this.directory = directory;
        Path layer = layer();
        Files.createDirectories(layer.resolve("bin"));
        Files.createDirectories(layer.resolve("etc"));
        Files.createDirectories(layer.resolve("tmp"));
        Files.copy(Path.of("/bin/busybox"), layer.resolve("bin/busybox"));
        layer.resolve("bin/busybox").toFile().setExecutable(true, false);
        for (String applet : List.of(
                "sh",
                "true",
                "cat",
                "ls",
                "id",
                "env",
                "hostname",
                "sleep",
                "mknod",
                "ps",
                "kill",
                "touch",
                "rm",
                "mount",
                "mkdir",
                "pwd",
                "grep",
                "head",
                "dd",
                "unshare",
                "ln",
                "yes",
                "wc",
                "ip")) {
            Files.createSymbolicLink(layer.resolve("bin/" + applet), Path.of("busybox"));
        }
    }

    Path directory() {
        return directory;
    }

    /** Adds an empty layer on top. */
    Path layer() throws IOException {
        Path layer = Files.createDirectories(directory.resolve("layers/layer" + lowers.size() + "/fs"));
        lowers.add(layer);
        return layer;
    }

    ProcessSpec shell(String script) throws IOException {
        return process(List.of("/bin/sh", "-c", script), List.of(), Op.Network.DEFAULT, Op.Security.SANDBOX);
    }

    ProcessSpec shell(String script, ProcessSpec.Bind... binds) throws IOException {
        return process(List.of("/bin/sh", "-c", script), List.of(binds), Op.Network.DEFAULT, Op.Security.SANDBOX);
    }

    ProcessSpec process(List<String> args, List<ProcessSpec.Bind> binds, Op.Network network, Op.Security security)
            throws IOException {
        Path step = Files.createDirectories(directory.resolve("tmp/step" + steps++));
        return new ProcessSpec(
                OciExecutor.newId(),
                lowers,
                Files.createDirectory(step.resolve("upper")),
                Files.createDirectory(step.resolve("work")),
                args,
                List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                "/",
                0,
                0,
                List.of(),
                "buildkitsandbox",
                binds,
                network,
                security,
                List.of(),
                List.of(),
                null,
                ResourceLimits.NONE,
                DeviceEdits.NONE);
    }
}
