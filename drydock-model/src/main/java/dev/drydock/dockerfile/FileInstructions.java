package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Flags.Kind;
import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.dockerfile.Instruction.Written;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** RUN, COPY and ADD: the instructions that take heredocs. */
final class FileInstructions {
    private static final Map<String, Kind> RUN_FLAGS =
            Map.of("mount", Kind.LIST, "network", Kind.TEXT, "security", Kind.TEXT, "device", Kind.LIST);
    private static final Map<String, Kind> COPY_FLAGS = Map.of(
            "from", Kind.TEXT,
            "chown", Kind.TEXT,
            "chmod", Kind.TEXT,
            "link", Kind.SWITCH,
            "parents", Kind.SWITCH,
            "exclude", Kind.LIST);
    private static final Map<String, Kind> ADD_FLAGS = Map.of(
            "chown", Kind.TEXT,
            "chmod", Kind.TEXT,
            "link", Kind.SWITCH,
            "keep-git-dir", Kind.SWITCH,
            "checksum", Kind.TEXT,
            "unpack", Kind.SWITCH,
            "exclude", Kind.LIST);
    private static final List<String> OWN_FLAGS = List.of("from", "parents", "keep-git-dir", "checksum", "unpack");
    private static final Set<String> NETWORKS = Set.of("default", "none", "host");
    private static final Set<String> SECURITY = Set.of("sandbox", "insecure");

    private FileInstructions() {}

    static Instruction run(Statement statement, Written written) {
        Command command = InstructionParser.command(statement, statement.rest());
        Flags flags = InstructionParser.flags(statement, RUN_FLAGS);
        List<String> mounts = flags.list("mount");
        flags.list("device").forEach(device -> read(statement, "--device=" + device, () -> DeviceFlag.parse(device)));
        mounts.forEach(mount -> read(statement, "--mount=" + mount, () -> MountFlag.check(mount)));
        String network = oneOf(flags.text("network"), NETWORKS);
        String security = oneOf(flags.text("security"), SECURITY);
        if (network == null && flags.text("network") != null) {
            throw statement
                    .wrong(
                            String.valueOf(flags.text("network")),
                            "invalid network mode " + GoText.quote(String.valueOf(flags.text("network"))))
                    .hint("Use default, none or host.");
        }
        if (security == null && flags.text("security") != null) {
            throw statement
                    .wrong(
                            String.valueOf(flags.text("security")),
                            "security " + GoText.quote(String.valueOf(flags.text("security"))) + " is not valid")
                    .hint("Use sandbox or insecure.");
        }
        return new Instruction.Run(
                written, command, statement.heredocs(), mounts, network, security, flags.list("device"));
    }

    /** Gives what is wrong with a flag the place of its instruction. */
    private static void read(Statement statement, String flag, Runnable reading) {
        try {
            reading.run();
        } catch (UserFault fault) {
            UserFault told = statement.wrong(fault.subject().orElse(flag), fault.text());
            fault.hints().forEach(told::hint);
            throw told;
        }
    }

    private static @Nullable String oneOf(@Nullable String value, Set<String> allowed) {
        return value != null && allowed.contains(value) ? value : null;
    }

    static Instruction copy(Statement statement, Written written) {
        String keyword = written.keyword();
        List<String> words = LineGrammar.jsonStrings(statement, statement.rest());
        if (words == null) {
            words = GoText.splitBlanks(statement.rest(), 0);
        }
        if (words.size() < 2) {
            String only = words.isEmpty() ? "" : words.getFirst(); // of an empty JSON list
            throw statement
                    .wrong(
                            only.isEmpty() ? statement.rest() : only,
                            keyword + " requires at least two arguments, but only one was provided."
                                    + " Destination could not be determined")
                    .hint("Write " + keyword + " source destination, for example " + keyword + " "
                            + (only.isEmpty() ? "app" : only) + " ./");
        }
        Flags flags = InstructionParser.flags(statement, keyword.equals("ADD") ? ADD_FLAGS : COPY_FLAGS);
        String dest = words.getLast();
        if (HeredocToken.of(dest) != null) {
            throw statement.wrong(dest, keyword + " cannot accept a heredoc as a destination");
        }
        Map<String, String> contents = new HashMap<>();
        statement.heredocs().forEach(heredoc -> contents.put(heredoc.name(), heredoc.content()));
        List<String> sources = new ArrayList<>();
        List<Heredoc> heredocs = new ArrayList<>();
        for (String source : words.subList(0, words.size() - 1)) {
            HeredocToken token = HeredocToken.of(source);
            if (token == null) {
                sources.add(source);
            } else {
                // The JSON form has no bodies, there the file is empty.
                heredocs.add(new Heredoc(
                        token.name(),
                        token.fileDescriptor(),
                        token.expand(),
                        token.chomp(),
                        contents.getOrDefault(token.name(), "")));
            }
        }
        Map<String, String> own = new LinkedHashMap<>();
        for (String name : OWN_FLAGS) {
            String value = flags.text(name);
            if (value != null) {
                own.put(name, value);
            }
        }
        return new Instruction.Copy(
                written,
                sources,
                heredocs,
                dest,
                flags.text("chown"),
                flags.text("chmod"),
                flags.on("link"),
                flags.list("exclude"),
                own);
    }
}
