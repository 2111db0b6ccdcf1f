package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.BuildRequest;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;

/** {@code drydock build}: the flags; {@link BuildRun} does it. */
final class BuildCommand implements Command {
    @Override
    public CommandSpec spec() {
        return LegacyFlags.addTo(CommandSpec.command("drydock build", "Start a build"))
                .operands("PATH | URL | -", Arity.exactly(1), OperandKind.DIRECTORY)
                .about("Builds the image that the Dockerfile in PATH describes, with the files of PATH as its context. "
                        + "Steps whose inputs did not change are taken from the cache; --explain says what changed.")
                .alias("drydock build", "drydock builder build", "drydock image build", "drydock buildx b")
                .flag(Flag.list("add-host", "strings", "Add a custom host-to-IP mapping (format: \"host:ip\")"))
                .flag(Flag.list(
                        "allow",
                        "stringArray",
                        "Allow extra privileged entitlement (e.g., \"network.host\", \"security.insecure\", "
                                + "\"device=NAME\")"))
                .flag(Flag.list(
                        "annotation",
                        "stringArray",
                        "Add annotation to the image (format: \"[type[platform]:]key=value\")"))
                .flag(Flag.list("build-arg", "stringArray", "Set build-time variables"))
                .flag(Flag.list("build-context", "stringArray", "Additional build contexts (e.g., name=path)"))
                .flag(Flag.value(
                                "call",
                                "string",
                                "Set method for evaluating build (\"check\", \"outline\", \"targets\")")
                        .defaultsTo("build")
                        .oneOf("build", "check", "outline", "targets"))
                .flag(Flag.value(
                        "cgroup-parent", "string", "Set the parent cgroup for the \"RUN\" instructions during build"))
                .flag(Flag.toggle("check", "Shorthand for \"--call=check\": check the Dockerfile, build nothing"))
                .flag(Flag.toggle("explain", "Say of each step that runs again what changed"))
                .flag(Flag.value("file", "string", "Name of the Dockerfile (default: \"PATH/Dockerfile\")")
                        .letter('f'))
                .flag(Flag.value("iidfile", "string", "Write the image ID to a file"))
                .flag(Flag.value(
                                "isolation",
                                "string",
                                "How \"RUN\" steps are kept apart from the host (\"auto\", \"oci\", \"chroot\"); also "
                                        + "DRYDOCK_ISOLATION")
                        .defaultsTo("auto")
                        .oneOf("auto", "oci", "chroot"))
                .flag(Flag.list("label", "stringArray", "Set metadata for an image"))
                .flag(Flag.toggle("load", "Shorthand for \"--output=type=docker\": the image goes to the store"))
                .flag(Flag.list(
                        "logins",
                        "strings",
                        "Lend RUN steps your logins of package managers (\"all\", \"npm\", \"pip\", \"maven\", \"cargo\", "
                                + "\"netrc\"); also DRYDOCK_LOGINS"))
                .flag(Flag.value("metadata-file", "string", "Write build result metadata to a file"))
                .flag(Flag.value(
                                "network",
                                "string",
                                "Set the networking mode for the \"RUN\" instructions during build")
                        .defaultsTo("default")
                        .oneOf("default", "host", "none"))
                .flag(Flag.list(
                        "network-allow",
                        "strings",
                        "Let \"RUN\" instructions reach these hosts only (\"host[:port]\", \"*.host\")"))
                .flag(Flag.toggle("no-cache", "Do not use cache when building the image"))
                .flag(Flag.list("no-cache-filter", "stringArray", "Do not cache specified stages"))
                .flag(Flag.list("output", "stringArray", "Output destination (format: \"type=local,dest=path\")")
                        .letter('o'))
                .flag(Flag.value("platform", "string", "Set target platform for build (only this host's)"))
                .flag(Flag.toggle("print-context", "List what the build context holds and its size, and build nothing"))
                .flag(Flag.value(
                                "progress",
                                "string",
                                "Set type of progress output (\"auto\", \"none\", \"plain\", \"quiet\", \"rawjson\", \"tty\"). "
                                        + "Use plain to show container output")
                        .defaultsTo("auto")
                        .oneOf("auto", "none", "plain", "quiet", "rawjson", "tty"))
                .flag(Flag.value(
                                "proxy",
                                "string",
                                "Whose proxies RUN steps use beside those of Docker's config.json (\"host\", \"none\"); "
                                        + "also DRYDOCK_PROXY")
                        .defaultsTo("none")
                        .oneOf("host", "none"))
                .flag(Flag.toggle("pull", "Always attempt to pull all referenced images"))
                .flag(Flag.toggle(
                        "push",
                        "Shorthand for \"--output=type=registry\": the image goes to the registries of its names"))
                .flag(Flag.toggle("quiet", "Suppress the build output and print image ID on success")
                        .letter('q'))
                .flag(Flag.list(
                        "resource",
                        "stringArray",
                        "Resource limits for build containers (format: \"memory=2g\", \"cpu-quota=50000\")"))
                .flag(Flag.list(
                        "secret",
                        "stringArray",
                        "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")"))
                .flag(Flag.value("shm-size", "bytes", "Shared memory size for build containers"))
                .flag(Flag.list(
                        "ssh",
                        "stringArray",
                        "SSH agent socket or keys to expose to the build (format: "
                                + "\"default|<id>[=<socket>|<key>[,<key>]]\")"))
                .flag(Flag.list("tag", "stringArray", "Image identifier (format: \"[registry/]repository[:tag]\")")
                        .letter('t'))
                .flag(Flag.value("target", "string", "Set the target build stage to build"))
                .flag(Flag.list(
                        "trust",
                        "strings",
                        "Whose certificates RUN steps accept beside the image's own (\"host\", a file of certificates); "
                                + "also DRYDOCK_TRUST"))
                .flag(Flag.list("ulimit", "ulimit", "Ulimit options"))
                .flag(Upkeep.FLAG)
                .example("Build the Dockerfile in this directory", "drydock build -t hello .")
                .example(
                        "Another Dockerfile, a variable, and every line of output",
                        "drydock build -f release.Dockerfile --build-arg VERSION=1.2 --progress=plain -t hello:1.2 .")
                .example("Write the files of the result into a directory", "drydock build -o out .")
                .example("See what the build context holds", "drydock build --print-context .")
                .example("Check the Dockerfile without building it", "drydock build --check .")
                .example("See what made steps run again", "drydock build --explain -t hello .")
                .build();
    }

    @Override
    public boolean addsToStore() {
        return true;
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        BuildOutput output = BuildOutput.of(arguments, session);
        Call call = Call.of(arguments);
        BuildRequest request = BuildRequests.of(arguments, session);
        if (arguments.isOn("print-context")) {
            return printContext(request, session);
        }
        if (call != null) {
            return new CallRun(session, call).run(request);
        }
        LegacyFlags.tell(arguments, session);
        return new BuildRun(session, output, ResultFiles.of(arguments, session)).run(request);
    }

    private static int printContext(BuildRequest request, Session session) throws InterruptedException {
        try (Store store = session.store()) {
            ContextReport.print(store.context(request, _ -> {}), session.out());
            return 0;
        } catch (Bug bug) {
            throw bug;
        } catch (DrydockException fault) {
            throw new CommandFailed("ERROR: failed to build: failed to solve: " + fault.text(), 1, fault.hints());
        }
    }
}
