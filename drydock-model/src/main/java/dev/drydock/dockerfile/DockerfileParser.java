package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of a Dockerfile into instructions, in time proportional to its length.
 *
 * <p>Everything that the text alone decides is checked here; what needs the values of variables or base images is the
 * frontend's. Messages are BuildKit's.
 */
public final class DockerfileParser {
    private DockerfileParser() {}

    /**
     * Parses a whole Dockerfile.
     *
     * @param fileName how messages call it
     * @throws UserFault with its place, where it has one
     */
    public static Dockerfile parse(String fileName, String text) {
        return parse(fileName, text, Checks.silent());
    }

    /**
     * Parses a whole Dockerfile and makes the checks that the text alone decides. What was found before a fault is
     * reported in spite of it, if the file could be taken apart into lines.
     *
     * @param fileName how messages call it
     * @throws UserFault with its place, where it has one
     */
    public static Dockerfile parse(String fileName, String text, Checks checks) {
        if (text.isEmpty()) {
            throw new UserFault("the Dockerfile cannot be empty").hint("Run drydock init to write one.");
        }
        StatementReader reader = new StatementReader(fileName, text);
        List<Statement> statements = new ArrayList<>();
        Statement statement;
        while ((statement = reader.next()) != null) {
            LineGrammar.check(statement);
            statements.add(statement);
        }
        if (statements.isEmpty()) {
            int last = Math.max(1, reader.linesRead());
            throw new UserFault("file with no instructions")
                    .at(SourceRange.lines(fileName, last, last))
                    .about(text.split("\n", -1)[last - 1].strip())
                    .hint("Write at least a FROM line, or run drydock init.");
        }
        reader.emptyContinuations().forEach(place -> checks.report(Rule.NO_EMPTY_CONTINUATION, place));
        List<Instruction> instructions = instructions(statements, checks);
        TextRules.look(instructions, checks);
        return new Dockerfile(fileName, text, reader.escape(), instructions);
    }

    private static List<Instruction> instructions(List<Statement> statements, Checks checks) {
        List<Instruction> instructions = new ArrayList<>(statements.size());
        boolean inStage = false;
        for (Statement statement : statements) {
            TextRules.look(statement, checks);
            Instruction instruction = InstructionParser.parse(statement);
            inStage |= instruction instanceof Instruction.From;
            if (!inStage && !(instruction instanceof Instruction.Arg)) {
                throw new UserFault("no build stage in current context")
                        .at(instruction.range())
                        .about(instruction.written().keywordAsWritten())
                        .hint("Only ARG may stand before the first FROM.");
            }
            TextRules.look(instruction, checks);
            instructions.add(instruction);
        }
        if (!inStage) {
            Instruction last = instructions.getLast();
            throw new UserFault("dockerfile contains no stages to build")
                    .at(last.range())
                    .about(last.written().keywordAsWritten())
                    .hint("Add a FROM instruction.");
        }
        return instructions;
    }

    /**
     * Parses one instruction that does not stand in a file: an ONBUILD trigger or a change given to {@code import}.
     *
     * @param place what its range and faults name
     * @throws UserFault at {@code place}, without the line of the text in its message
     */
    public static Instruction parseTrigger(String text, SourceRange place) {
        StatementReader reader = new StatementReader(place.file(), text);
        Statement statement = next(reader, place);
        if (statement == null) {
            throw new UserFault("file with no instructions").at(place);
        }
        Statement placed = new Statement(
                statement.line(),
                statement.split(),
                place,
                0,
                statement.comments(),
                statement.heredocs(),
                statement.escape(),
                "");
        Instruction instruction = InstructionParser.parse(placed);
        if (next(reader, place) != null) {
            throw new UserFault("onbuild trigger should be a single expression").at(place);
        }
        return instruction;
    }

    private static @Nullable Statement next(StatementReader reader, SourceRange place) {
        try {
            return reader.next();
        } catch (UserFault fault) {
            UserFault told = new UserFault(fault.text(), fault).at(place); // the trigger's own lines mean nothing here
            fault.hints().forEach(told::hint);
            throw told;
        }
    }
}
