package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Instruction.From;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules that need nothing but what the author wrote. */
final class TextRules {
    /** A rule about the words of a FROM line that names its stage; {@code checks} are those in effect for it. */
    private interface OfFrom {
        void look(Statement from, List<String> words, Checks checks);
    }

    /** A rule about the whole file, from the first FROM on. */
    private interface OfFile {
        void look(List<Instruction> stages, Checks checks);
    }

    private static final List<OfFrom> OF_FROM = List.of(TextRules::stageNameCasing, TextRules::fromAsCasing);
    private static final List<OfFile> OF_FILE = List.of(TextRules::stageNames, TextRules::instructionCasing);
    private static final Set<String> RESERVED = Set.of("scratch", "context");
    private static final String UPPER = "uppercase";
    private static final String LOWER = "lowercase";

    private TextRules() {}

    /** Looks at a statement that may turn out to be wrong. */
    static void look(Statement statement, Checks checks) {
        switch (statement.split().keyword().toLowerCase(Locale.ROOT)) {
            case "maintainer" ->
                checks.under(statement.comments()).report(Rule.MAINTAINER_DEPRECATED, statement.range());
            case "from" -> {
                List<String> words = GoText.splitBlanks(statement.rest(), 0);
                if (words.size() >= 3) {
                    Checks local = checks.under(statement.comments());
                    OF_FROM.forEach(rule -> rule.look(statement, words, local));
                }
            }
            default -> {}
        }
    }

    /** Looks at an instruction that was just read. */
    static void look(Instruction instruction, Checks checks) {
        Checks local = checks.under(instruction.written().comments());
        switch (instruction) {
            case From from -> stageDescription(from, local);
            case Instruction.Arg arg -> argDescription(arg, local);
            case Instruction.Maintainer _,
                    Instruction.Env _,
                    Instruction.Label _,
                    Instruction.Cmd _,
                    Instruction.Entrypoint _,
                    Instruction.Shell _,
                    Instruction.Healthcheck _,
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

    /** Looks at a file that was read to its end. */
    static void look(List<Instruction> instructions, Checks checks) {
        int first = 0;
        while (!(instructions.get(first) instanceof From)) {
            first++;
        }
        List<Instruction> stages = instructions.subList(first, instructions.size());
        OF_FILE.forEach(rule -> rule.look(stages, checks));
    }

    private static void stageNameCasing(Statement from, List<String> words, Checks checks) {
        if (words.size() == 3 && !isLower(words.get(2))) {
            checks.report(Rule.STAGE_NAME_CASING, from.range(), words.get(2));
        }
    }

    /** A keyword that mixes the cases is another rule's. */
    private static void fromAsCasing(Statement from, List<String> words, Checks checks) {
        String as = words.get(1);
        String keyword = from.split().keyword();
        if ((isLower(keyword) && !isLower(as)) || (isUpper(keyword) && !isUpper(as))) {
            checks.report(Rule.FROM_AS_CASING, from.range(), as, keyword);
        }
    }

    private static void stageDescription(From from, Checks checks) {
        String name = from.name();
        if (name != null) {
            description(from, List.of(name), checks);
        }
    }

    private static void argDescription(Instruction.Arg arg, Checks checks) {
        description(arg, arg.pairs().stream().map(Instruction.Pair::key).toList(), checks);
    }

    private static void description(Instruction instruction, List<String> names, Checks checks) {
        List<String> comments = instruction.written().comments();
        if (comments.isEmpty() || names.contains(comments.getLast().split(" ", 2)[0])) {
            return;
        }
        String example = names.size() > 1 ? "<arg_key>" : names.getFirst();
        checks.report(Rule.INVALID_DEFINITION_DESCRIPTION, instruction.range(), instruction.keyword(), example);
    }

    private static void stageNames(List<Instruction> stages, Checks checks) {
        Set<String> names = new HashSet<>();
        for (Instruction instruction : stages) {
            if (!(instruction instanceof From from) || from.name() == null) {
                continue;
            }
            String name = from.name();
            if (RESERVED.contains(name)) {
                checks.report(Rule.RESERVED_STAGE_NAME, from.range(), name);
            }
            if (!names.add(name)) {
                checks.report(Rule.DUPLICATE_STAGE_NAME, from.range(), name);
            }
        }
    }

    private static void instructionCasing(List<Instruction> stages, Checks checks) {
        int lower = 0;
        int upper = 0;
        for (Instruction instruction : stages) {
            String keyword = instruction.written().keywordAsWritten();
            lower += isLower(keyword) ? 1 : 0;
            upper += isUpper(keyword) ? 1 : 0;
        }
        boolean mostlyLower = lower > upper;
        for (Instruction instruction : stages) {
            String keyword = instruction.written().keywordAsWritten();
            if (mostlyLower ? !isLower(keyword) : !isUpper(keyword)) {
                checks.report(
                        Rule.CONSISTENT_INSTRUCTION_CASING, instruction.range(), keyword, mostlyLower ? LOWER : UPPER);
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
