package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Dockerfile.Finding;
import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.From;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The checks that the text alone decides. Whether a base image sets a shell is not known here: JSONArgsRecommended takes
 * it that none does.
 */
final class TextChecks {
    private static final Set<String> RESERVED = Set.of("scratch", "context");

    private final List<Finding> findings;
    private final Set<String> stageNames = new HashSet<>();
    private final Set<String> stagesWithShell = new HashSet<>();
    private final Map<String, Instruction> onlyOnce = new HashMap<>();
    private String stage = "";
    private boolean shellSet;

    private TextChecks(List<Finding> findings) {
        this.findings = findings;
    }

    /** Adds to {@code findings} and puts them in the order of their places. */
    static void add(List<Instruction> instructions, List<Finding> findings) {
        TextChecks checks = new TextChecks(findings);
        for (Instruction instruction : instructions) {
            checks.check(instruction);
        }
        checks.casing(instructions);
        findings.sort(Comparator.comparingInt(finding -> finding.range().startLine()));
    }

    private void found(String rule, Instruction at, String message) {
        findings.add(new Finding(rule, message, at.range()));
    }

    private void check(Instruction instruction) {
        switch (instruction) {
            case From from -> from(from);
            case Instruction.Env env -> legacy(env, env.legacy());
            case Instruction.Label label -> legacy(label, label.legacy());
            case Instruction.Maintainer _ ->
                found(
                        "MaintainerDeprecated",
                        instruction,
                        "Maintainer instruction is deprecated in favor of using label");
            case Instruction.Shell _ -> {
                shellSet = true;
                stagesWithShell.add(stage);
            }
            case Instruction.Cmd cmd -> {
                command(cmd, cmd.command());
                once(cmd);
            }
            case Instruction.Entrypoint entrypoint -> {
                command(entrypoint, entrypoint.command());
                once(entrypoint);
            }
            case Instruction.Healthcheck _ -> once(instruction);
            case Instruction.Arg _,
                    Instruction.Run _,
                    Instruction.Copy _,
                    Instruction.Expose _,
                    Instruction.Volume _,
                    Instruction.User _,
                    Instruction.Workdir _,
                    Instruction.StopSignal _,
                    Instruction.OnBuild _ -> {}
        }
    }

    private void from(From from) {
        onlyOnce.clear();
        shellSet = stagesWithShell.contains(from.base());
        String name = from.name();
        stage = name == null ? "" : name;
        stagesWithShell.remove(stage);
        if (name == null) {
            return;
        }
        if (shellSet) {
            stagesWithShell.add(name);
        }
        String nameAsWritten = String.valueOf(from.nameAsWritten());
        if (!name.equals(nameAsWritten)) {
            found("StageNameCasing", from, "Stage name '" + nameAsWritten + "' should be lowercase");
        }
        String as = String.valueOf(from.as());
        String keyword = from.written().keywordAsWritten();
        if ((isLower(keyword) && !isLower(as)) || (isUpper(keyword) && !isUpper(as))) {
            found("FromAsCasing", from, "'" + as + "' and '" + keyword + "' keywords' casing do not match");
        }
        if (RESERVED.contains(name)) {
            found(
                    "ReservedStageName",
                    from,
                    "Stage name should not use the same name as reserved stage " + GoText.quote(name));
        }
        if (!stageNames.add(name)) {
            found(
                    "DuplicateStageName",
                    from,
                    "Duplicate stage name " + GoText.quote(name) + ", stage names should be unique");
        }
    }

    private void legacy(Instruction instruction, boolean legacy) {
        if (legacy) {
            String keyword = instruction.keyword();
            found(
                    "LegacyKeyValueFormat",
                    instruction,
                    "\"" + keyword + " key=value\" should be used instead of legacy \"" + keyword
                            + " key value\" format");
        }
    }

    private void command(Instruction instruction, Command command) {
        if (command instanceof Command.Shell && !shellSet) {
            found(
                    "JSONArgsRecommended",
                    instruction,
                    "JSON arguments recommended for " + instruction.keyword()
                            + " to prevent unintended behavior related to OS signals");
        }
    }

    private void once(Instruction instruction) {
        Instruction earlier = onlyOnce.put(instruction.keyword(), instruction);
        if (earlier != null) {
            found(
                    "MultipleInstructionsDisallowed",
                    earlier,
                    "Multiple " + instruction.keyword() + " instructions should not be used in the same stage"
                            + " because only the last one will be used");
        }
    }

    /** Instructions before the first FROM do not count and are not looked at. */
    private void casing(List<Instruction> instructions) {
        int first = 0;
        while (!(instructions.get(first) instanceof From)) {
            first++;
        }
        List<Instruction> looked = instructions.subList(first, instructions.size());
        int balance = 0;
        for (Instruction instruction : looked) {
            String keyword = instruction.written().keywordAsWritten();
            balance += isLower(keyword) ? -1 : isUpper(keyword) ? 1 : 0;
        }
        boolean lower = balance < 0;
        for (Instruction instruction : looked) {
            String keyword = instruction.written().keywordAsWritten();
            if (lower ? !isLower(keyword) : !isUpper(keyword)) {
                found(
                        "ConsistentInstructionCasing",
                        instruction,
                        "Command '" + keyword + "' should match the case of the command majority ("
                                + (lower ? "lowercase" : "uppercase") + ")");
            }
        }
    }

    private static boolean isLower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isUpper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT));
    }
}
