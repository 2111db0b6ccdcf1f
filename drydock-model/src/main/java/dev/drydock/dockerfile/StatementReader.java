package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a Dockerfile's text apart into statements: comments, directives, continued lines, heredocs. */
final class StatementReader {
    private static final int MAX_LINE_BYTES = 65_535;
    private static final Set<String> TAKES_HEREDOCS = Set.of("run", "copy", "add");

    private final String fileName;
    private final String text;
    private final Directives directives = new Directives();
    private final List<SourceRange> emptyContinuations = new ArrayList<>();
    private List<String> comments = new ArrayList<>();
    private int pos;
    private int lineNumber;

    StatementReader(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        this.pos = text.startsWith("\uFEFF") ? 1 : 0;
    }

    char escape() {
        return directives.escape();
    }

    /** The number of lines read so far. */
    int linesRead() {
        return lineNumber;
    }

    /** Where statements read so far end that have an empty line within. */
    List<SourceRange> emptyContinuations() {
        return emptyContinuations;
    }

    /** The next statement, null at the end. */
    @Nullable
    Statement next() {
        String raw;
        while ((raw = rawLine()) != null) {
            String whole = withoutLineEnd(raw);
            String line = GoText.trimStart(whole);
            if (line.startsWith("#")) {
                comment(line, whole);
                continue;
            }
            directives.take(line, here(lineNumber));
            if (!line.isEmpty()) {
                return statement(line, raw.indexOf(line.charAt(0)) + 1);
            }
        }
        return null;
    }

    /** Of an indented one the {@code #} stays, so that it neither describes an instruction nor sets its checks. */
    private void comment(String line, String whole) {
        String comment = GoText.trim(whole.substring(1));
        boolean directive = directives.take(line, here(lineNumber));
        if (directive || comment.isEmpty()) {
            comments.clear();
        } else {
            comments.add(comment);
        }
    }

    private Statement statement(String firstLine, int column) {
        int start = lineNumber;
        String line = joined(firstLine);
        Words.Split split = Words.Split.of(line);
        List<Heredoc> heredocs = line.contains("<<") ? heredocs(line, split, start) : List.of();
        List<String> attached = comments;
        comments = new ArrayList<>();
        return new Statement(
                line,
                split,
                lines(start),
                column,
                attached,
                heredocs,
                directives.escape(),
                "dockerfile parse error on line " + start + ": ");
    }

    private String joined(String firstLine) {
        int cut = continuation(firstLine);
        if (cut < 0) {
            return firstLine;
        }
        StringBuilder joined = new StringBuilder(firstLine.substring(0, cut));
        boolean emptySeen = false;
        String raw;
        while (cut >= 0 && (raw = rawLine()) != null) {
            String line = withoutLineEnd(raw);
            String trimmed = GoText.trimStart(line);
            if (trimmed.isEmpty()) {
                emptySeen = true;
            } else if (!trimmed.startsWith("#")) {
                cut = continuation(line);
                joined.append(line, 0, cut < 0 ? line.length() : cut);
            }
        }
        if (emptySeen) {
            emptyContinuations.add(here(lineNumber));
        }
        return joined.toString();
    }

    /** Where the escape character stands that continues {@code line}, or -1; an escaped escape does not. */
    private int continuation(String line) {
        int i = line.length();
        while (i > 0 && (line.charAt(i - 1) == ' ' || line.charAt(i - 1) == '\t')) {
            i--;
        }
        char escape = directives.escape();
        boolean single = i > 0 && line.charAt(i - 1) == escape && (i == 1 || line.charAt(i - 2) != escape);
        return single ? i - 1 : -1;
    }

    private List<Heredoc> heredocs(String line, Words.Split split, int start) {
        String keyword = split.keyword().toLowerCase(Locale.ROOT);
        Words.Split command = keyword.equals("onbuild") ? Words.Split.of(split.rest()) : split;
        keyword = command.keyword().toLowerCase(Locale.ROOT);
        if (!TAKES_HEREDOCS.contains(keyword) || isJson(line, command.rest(), start)) {
            return List.of();
        }
        List<Heredoc> heredocs = new ArrayList<>();
        for (HeredocToken token : HeredocToken.inLine(line)) {
            heredocs.add(body(token, start));
        }
        return heredocs;
    }

    private boolean isJson(String line, String rest, int start) {
        try {
            return JsonStrings.parse(rest) != null;
        } catch (UserFault fault) {
            throw new UserFault(fault.text()).at(lines(start)).about(Statement.once(fault, line, rest));
        }
    }

    private Heredoc body(HeredocToken token, int start) {
        int bodyStart = pos;
        int bodyEnd = pos;
        String raw;
        while ((raw = rawLine()) != null) {
            String line = withoutLineEnd(raw);
            if (line.substring(token.chomp() ? leadingTabs(line) : 0).equals(token.name())) {
                String content = text.substring(bodyStart, bodyEnd);
                return new Heredoc(token.name(), token.fileDescriptor(), token.expand(), token.chomp(), content);
            }
            bodyEnd = pos;
        }
        throw new UserFault("unterminated heredoc")
                .at(lines(start))
                .about(token.written())
                .hint("End the text with a line that holds only " + token.name() + ".");
    }

    private static int leadingTabs(String line) {
        int i = 0;
        while (i < line.length() && line.charAt(i) == '\t') {
            i++;
        }
        return i;
    }

    /** The next line with its line end, null at the end. */
    private @Nullable String rawLine() {
        if (pos == text.length()) {
            return null;
        }
        int end = text.indexOf('\n', pos);
        int lineEnd = end < 0 ? text.length() : end;
        lineNumber++;
        if (lineEnd - pos > MAX_LINE_BYTES / 3 && utf8Length(pos, lineEnd) > MAX_LINE_BYTES) {
            throw new UserFault("dockerfile line greater than max allowed size of " + MAX_LINE_BYTES)
                    .at(here(lineNumber));
        }
        String line = text.substring(pos, end < 0 ? lineEnd : end + 1);
        pos = end < 0 ? lineEnd : end + 1;
        return line;
    }

    private long utf8Length(int from, int to) {
        long length = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    private static String withoutLineEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
            end--;
        }
        return line.substring(0, end);
    }

    private SourceRange here(int line) {
        return SourceRange.lines(fileName, line, line);
    }

    private SourceRange lines(int start) {
        return SourceRange.lines(fileName, start, lineNumber);
    }
}
