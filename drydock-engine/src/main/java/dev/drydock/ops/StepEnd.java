package dev.drydock.ops;

import dev.drydock.dockerfile.ByteSize;
import dev.drydock.fault.StepFailed;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import dev.drydock.runtime.Executor;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How a step's process ended, in BuildKit's words, and what a person may make of it. */
final class StepEnd {
    private static final int SIGNAL = 128;
    private static final int EXECUTE_BITS = 0111;
    private static final long NEARLY_FULL = 1 << 20;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private StepEnd() {}

    /** @throws StepFailed unless the exit code is one of those that count as success */
    static void check(Op.Meta meta, Executor.Exit exit, LayeredTree root, ProcessSpec spec) {
        int code = exit.code();
        boolean good = meta.validExitCodes().isEmpty()
                ? code == 0
                : meta.validExitCodes().contains(code);
        if (good) {
            return;
        }
        StepFailed failed = new StepFailed(notSuccessful(meta) + "exit code: " + code, code);
        missingProgram(root, spec)
                .or(() -> RuntimeWords.hint(exit.errors(), root, spec))
                .ifPresent(failed::hint);
        String signal = SIGNALS.get(code - SIGNAL);
        if (signal != null) {
            failed.hint(signal + " ended the command" + (signal.equals("SIGKILL") ? outOfMemory(spec) : "") + ".");
        }
        if (isNearlyFull(spec.upper())) {
            failed.hint(Disk.NO_SPACE
                    + ", where the step writes: free some, or keep the store on another disk with --root DIR.");
        }
        throw failed;
    }

    private static String outOfMemory(ProcessSpec spec) {
        long limit = spec.limits().memory();
        return limit == 0
                ? ", as the kernel does when memory runs out"
                : ", as the kernel does when a step reaches its memory limit: --resource memory="
                        + ByteSize.text(limit);
    }

    /** That the user whom the process should run as is unknown. */
    static UserFault unknownUser(Op.Meta meta, UserFault fault) {
        return new UserFault(notSuccessful(meta) + fault.text(), fault)
                .hint("Make the account in an earlier RUN, with adduser for example, or write USER with numbers.");
    }

    static String notSuccessful(Op.Meta meta) {
        return "process " + ExecRunner.quoted(String.join(" ", meta.args())) + " did not complete successfully: ";
    }

    /** Says so if the image has no such program; one that a mount may bring is not looked for. */
    private static Optional<String> missingProgram(LayeredTree root, ProcessSpec spec) {
        String program = spec.args().getFirst();
        if (program.contains("/")) {
            String path = root.resolve(program.startsWith("/") ? program : spec.cwd() + "/" + program);
            if (isUsable(root, spec, path)) {
                return Optional.empty();
            }
            if (root.lstat(path).isPresent()) {
                return Optional.of("\"" + program + "\" of the image is not an executable file.");
            }
            String form =
                    program.equals("/bin/sh") ? " Without a shell only RUN [\"program\", \"argument\"] works." : "";
            return Optional.of("The image has no \"" + program + "\"." + form);
        }
        for (String variable : spec.env()) {
            if (variable.startsWith("PATH=")) {
                for (String directory : variable.substring("PATH=".length()).split(":", -1)) {
                    if (isUsable(root, spec, root.resolve(directory + "/" + program))) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(
                "exec: \"" + program + "\": executable file not found in $PATH: install it in an earlier step.");
    }

    private static boolean isUsable(LayeredTree root, ProcessSpec spec, String path) {
        boolean mounted = spec.binds().stream()
                .map(bind -> TreeView.clean(bind.dest()))
                .anyMatch(dest -> path.equals(dest) || path.startsWith(dest + "/"));
        return mounted
                || root.lstat(path)
                        .filter(TreeNode::isFile)
                        .filter(file -> (file.mode() & EXECUTE_BITS) != 0)
                        .isPresent();
    }

    private static boolean isNearlyFull(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() < NEARLY_FULL;
        } catch (IOException e) {
            return false; // only a hint is lost
        }
    }
}
