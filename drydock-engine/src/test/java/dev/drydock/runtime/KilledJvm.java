package dev.drydock.runtime;

import java.nio.file.Path;

/** A program that runs a step which does not end. */
final class KilledJvm {
    private KilledJvm() {}

    public static void main(String[] args) throws Exception {
        OciRuntime runtime = TestHost.runtime(OciRuntime.Kind.valueOf(args[0]));
        Path directory = Path.of(args[1]);
        BusyboxRoot root = new BusyboxRoot(directory.resolve("killed"));
        try (OciExecutor executor =
                OciExecutor.with(runtime, Host.current(), new Programs(System.getenv()), directory)) {
            executor.run(
                    root.shell(args[2] + " & echo up; " + args[2]),
                    (stream, bytes, length) -> System.out.write(bytes, 0, length));
        }
    }
}
