package dev.drydock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small root file system out of Debian's static busybox. */
final class BusyboxRoot {
    private BusyboxRoot() {}

    static void make(Path root, Path tar) throws IOException, InterruptedException {
        for (String directory :
                List.of("bin", "dev", "etc", "home", "proc", "root", "sys", "usr/bin", "usr/sbin", "var")) {
            Files.createDirectories(root.resolve(directory));
        }
        Path busybox = Path.of(Files.exists(Path.of("/bin/busybox")) ? "/bin/busybox" : "/usr/bin/busybox");
        Files.copy(busybox, root.resolve("bin/busybox"));
        Command.of("chmod", "0755", root.resolve("bin/busybox").toString())
                .run()
                .ok();
        for (String applet : Command.of(busybox.toString(), "--list").run().ok().lines()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nstaff:x:50:\nnogroup:x:65534:\n");
        Files.createDirectories(root.resolve("tmp"));
        Command.of("chmod", "1777", root.resolve("tmp").toString()).run().ok();
        Command.of(
                        "tar",
                        "--numeric-owner",
                        "--owner=0",
                        "--group=0",
                        "--sort=name",
                        "-C",
                        root.toString(),
                        "-cf",
                        tar.toString(),
                        ".")
                .run()
                .ok();
    }
}
