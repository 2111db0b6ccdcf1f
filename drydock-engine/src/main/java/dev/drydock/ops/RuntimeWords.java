package dev.drydock.ops;

import dev.drydock.runtime.ProcessSpec;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a runtime's last words mean, and what to do about it: runc, crun and chroot say the same things differently. */
final class RuntimeWords {
    /** {@code e_machine} of an ELF file, as Docker calls the machines. */
    private static final Map<Integer, String> MACHINES = Map.of(
            3, "386", 62, "amd64", 40, "arm", 183, "arm64", 243, "riscv64", 21, "ppc64le", 22, "s390x", 258, "loong64");

    /** How lines begin that tell why a command was not started: of runc, crun, unshare(1) and nsenter(1). */
    private static final Pattern OF_THE_START = Pattern.compile(
            "exec |open executable|executable file|(unshare|nsenter): failed to execute |.*(runc run failed|level=error).*exec: ");

    /** crun and runc, of a file where a directory should be. */
    private static final Pattern MOUNTING =
            Pattern.compile("(?m)^(mount `.*` to `|mkdir `|runc run failed: .*error mounting ).*not a directory");

    private RuntimeWords() {}

    /** A sentence or two; empty if the words are not a runtime's, or speak for themselves. */
    static Optional<String> hint(String words, LayeredTree root, ProcessSpec process) {
        String all = words.toLowerCase(Locale.ROOT);
        if (all.contains("cgroup")
                && (all.contains("read-only file system")
                        || all.contains("permission denied")
                        || all.contains("creating cgroup directory"))) {
            return Optional.of("The control groups of this machine are not for this build to write, as in a container:"
                    + " run it as a plain user, or build with --isolation=chroot.");
        }
        if (MOUNTING.matcher(all).find()) {
            return Optional.of(
                    "A mount does not fit what the image has at its target: a directory goes on a directory, a"
                            + " file on a file, and all above it must be directories.");
        }
        // a command says such things, too, of files of its own
        String said = all.lines()
                .filter(line -> OF_THE_START.matcher(line).lookingAt())
                .collect(Collectors.joining("\n"));
        if (said.contains("exec format error")) {
            return Optional.of(format(root, process));
        }
        if (said.contains("no such file or directory") && isThere(root, process)) {
            return Optional.of("\"" + process.args().getFirst() + "\" is there, but the interpreter that its first line"
                    + " names, or its dynamic loader, is not in the image.");
        }
        if (said.contains("permission denied") && isThere(root, process) && process.uid() != 0) {
            return Optional.of("User " + Integer.toUnsignedString(process.uid()) + " may not start \""
                    + process.args().getFirst() + "\", or not enter a directory above it: see its mode and owner.");
        }
        return Optional.empty();
    }

    private static String format(LayeredTree root, ProcessSpec process) {
        Optional<TreeNode> program = program(root, process);
        String own = System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");
        int machine = program.map(RuntimeWords::machine).orElse(-1);
        if (machine < 0) {
            return "\"" + process.args().getFirst() + "\" is no program of this machine: a script needs a first line"
                    + " such as #!/bin/sh.";
        }
        String name = MACHINES.getOrDefault(machine, "another machine");
        if (name.equals(own)) {
            return "The program is damaged, or for another operating system.";
        }
        return "The program is for " + name + " and this machine is " + own
                + ": build with --platform=linux/" + own + ", or let the kernel run such programs with"
                + " `apt-get install qemu-user-static binfmt-support`.";
    }

    private static boolean isThere(LayeredTree root, ProcessSpec process) {
        return program(root, process).isPresent();
    }

    private static Optional<TreeNode> program(LayeredTree root, ProcessSpec process) {
        String name = process.args().getFirst();
        if (name.contains("/")) {
            return root.lstat(root.resolve(name.startsWith("/") ? name : process.cwd() + "/" + name));
        }
        for (String variable : process.env()) {
            if (variable.startsWith("PATH=")) {
                for (String directory : variable.substring("PATH=".length()).split(":", -1)) {
                    Optional<TreeNode> found = root.lstat(root.resolve(directory + "/" + name));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The machine of an ELF file; -1 for any other file. */
    private static int machine(TreeNode program) {
        try (InputStream in = Files.newInputStream(Path.of(program.host()))) {
            byte[] head = in.readNBytes(20);
            boolean elf = head.length == 20 && new String(head, 0, 4, StandardCharsets.ISO_8859_1).equals("\u007fELF");
            if (!elf) {
                return -1;
            }
            boolean little = head[5] == 1;
            int low = head[little ? 18 : 19] & 0xFF;
            int high = head[little ? 19 : 18] & 0xFF;
            return high << 8 | low;
        } catch (IOException e) {
            return -1;
        }
    }
}
