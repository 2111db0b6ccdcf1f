package dev.drydock.cli.template;

import dev.drydock.cli.template.Node.Call;
import dev.drydock.cli.template.Node.Operand;
import dev.drydock.cli.template.Node.Pipeline;
import dev.drydock.cli.template.Node.Place;
import dev.drydock.cli.template.Scanner.Kind;
import dev.drydock.cli.template.Scanner.Token;
import dev.drydock.oci.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From tokens to {@link Node}s. */
final class Parser {
    private static final int DEEPEST = 200;

    private final String source;
    private final List<Token> tokens;
    private final Set<String> variables = new HashSet<>(Set.of("$"));
    private int next;
    private int depth;

    private Parser(String source) {
        this.source = source;
        this.tokens = Scanner.scan(source);
    }

    static List<Node> parse(String source) {
        Parser parser = new Parser(source);
        List<Node> nodes = new ArrayList<>();
        String end = parser.body(nodes, false);
        if (!end.isEmpty()) {
            throw parser.wrong("unexpected {{" + end + "}}");
        }
        return nodes;
    }

    /** Reads nodes up to {@code end}, {@code else} or, outside of blocks, the end of the template; says which. */
    private String body(List<Node> nodes, boolean inside) {
        if (++depth > DEEPEST) {
            throw wrong("template: too deeply nested");
        }
        while (next < tokens.size()) {
            Token token = tokens.get(next);
            if (token.kind() == Kind.TEXT) {
                next++;
                nodes.add(new Node.Text(token.text()));
                continue;
            }
            next++; // the opening marker
            Token first = peek();
            String word = first.kind() == Kind.WORD ? first.text() : "";
            switch (word) {
                case "end", "else" -> {
                    next++;
                    depth--;
                    return word;
                }
                case "if", "with", "range" -> {
                    next++;
                    nodes.add(block(word));
                }
                case "break", "continue" -> {
                    next++;
                    close();
                    nodes.add(new Node.Leave(word.equals("break")));
                }
                case "define", "template", "block" -> throw wrong("unexpected {{" + word + "}}");
                default -> {
                    nodes.add(new Node.Print(pipeline("command")));
                    close();
                }
            }
        }
        if (inside) {
            throw wrong("unexpected EOF");
        }
        depth--;
        return "";
    }

    private Node block(String word) {
        String key = null;
        String element = null;
        if (word.equals("range") && peek().text().startsWith("$")) {
            int mark = next;
            String first = take().text();
            if (peek().kind() == Kind.COMMA) {
                next++;
                key = declare(first);
                element = declare(take().text());
                expect(Kind.DECLARE, "range");
            } else if (peek().kind() == Kind.DECLARE) {
                next++;
                element = declare(first);
            } else {
                next = mark;
            }
        }
        Pipeline pipeline = pipeline(word);
        close();
        List<Node> then = new ArrayList<>();
        List<Node> otherwise = new ArrayList<>();
        if (body(then, true).equals("else")) {
            Token token = peek();
            if (token.kind() == Kind.WORD
                    && (token.text().equals("if") || token.text().equals("with"))) {
                next++;
                otherwise.add(block(token.text()));
                return made(word, key, element, pipeline, then, otherwise);
            }
            close();
            if (body(otherwise, true).equals("else")) {
                throw wrong("expected end; found {{else}}");
            }
        }
        close();
        return made(word, key, element, pipeline, then, otherwise);
    }

    private static Node made(
            String word,
            @Nullable String key,
            @Nullable String element,
            Pipeline pipeline,
            List<Node> then,
            List<Node> otherwise) {
        return switch (word) {
            case "if" -> new Node.If(pipeline, then, otherwise);
            case "with" -> new Node.With(pipeline, then, otherwise);
            default -> new Node.Range(key, element, pipeline, then, otherwise);
        };
    }

    private String declare(String name) {
        variables.add(name);
        return name;
    }

    private Pipeline pipeline(String context) {
        if (++depth > DEEPEST) {
            throw wrong("template: too deeply nested");
        }
        String variable = null;
        boolean declares = false;
        if (peek().text().startsWith("$") && next + 1 < tokens.size()) {
            Kind after = tokens.get(next + 1).kind();
            if (after == Kind.DECLARE || after == Kind.ASSIGN) {
                declares = after == Kind.DECLARE;
                variable = take().text();
                next++;
            }
        }
        List<Call> calls = new ArrayList<>();
        while (true) {
            calls.add(call(context));
            if (peek().kind() != Kind.PIPE) {
                break;
            }
            next++;
        }
        if (variable != null) {
            if (!declares && !variables.contains(variable)) {
                throw wrong("undefined variable \"" + variable + "\"");
            }
            variables.add(variable);
        }
        depth--;
        return new Pipeline(variable, declares, calls);
    }

    private Call call(String context) {
        List<Operand> words = new ArrayList<>();
        while (true) {
            Kind kind = peek().kind();
            if (kind == Kind.CLOSE || kind == Kind.PIPE || kind == Kind.RIGHT) {
                break;
            }
            words.add(operand());
        }
        if (words.isEmpty()) {
            throw wrong("missing value for " + context);
        }
        return new Call(words);
    }

    private Operand operand() {
        Token token = take();
        return switch (token.kind()) {
            case STRING -> new Operand.Literal(place(token, "\"" + token.text() + "\""), JsonValue.of(token.text()));
            case LEFT -> {
                Pipeline inner = pipeline("parenthesized pipeline");
                expect(Kind.RIGHT, "parenthesized pipeline");
                yield new Operand.Group(place(token, "("), inner, fields(List.of()));
            }
            case WORD -> word(token);
            default -> throw wrong("unexpected \"" + token.text() + "\" in operand");
        };
    }

    private Operand word(Token token) {
        String text = token.text();
        char c = text.charAt(0);
        if (c == '.') {
            List<String> names = text.length() == 1 ? fields(List.of()) : fields(List.of(text.substring(1)));
            return new Operand.Field(place(token, names.isEmpty() ? "." : "." + String.join(".", names)), names);
        }
        if (c == '$') {
            if (!variables.contains(text)) {
                throw wrong("undefined variable \"" + text + "\"");
            }
            List<String> names = fields(List.of());
            return new Operand.Variable(place(token, text), text, names);
        }
        if (Character.isDigit(c) || c == '-' || c == '+') {
            try {
                return new Operand.Literal(place(token, text), new JsonValue.Num(new BigDecimal(text).toPlainString()));
            } catch (NumberFormatException e) {
                throw wrong("bad number syntax: \"" + text + "\"");
            }
        }
        return switch (text) {
            case "true", "false" -> new Operand.Literal(place(token, text), JsonValue.of(text.equals("true")));
            case "nil" -> new Operand.Literal(place(token, text), new JsonValue.Null());
            default -> {
                if (!Functions.NAMES.contains(text)) {
                    throw wrong("function \"" + text + "\" not defined");
                }
                yield new Operand.Function(place(token, text), text);
            }
        };
    }

    /** Field names that follow without a blank. */
    private List<String> fields(List<String> first) {
        List<String> names = new ArrayList<>(first);
        while (next < tokens.size()) {
            Token token = tokens.get(next);
            if (token.space()
                    || token.kind() != Kind.WORD
                    || token.text().length() < 2
                    || token.text().charAt(0) != '.') {
                break;
            }
            names.add(token.text().substring(1));
            next++;
        }
        return names;
    }

    private Place place(Token token, String text) {
        int newline = source.lastIndexOf('\n', token.at() - 1);
        return new Place(Scanner.lineOf(source, token.at()), token.at() - newline - 1, text);
    }

    private Token peek() {
        if (next >= tokens.size()) {
            throw wrong("unexpected EOF");
        }
        return tokens.get(next);
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private void expect(Kind kind, String context) {
        Token token = take();
        if (token.kind() != kind) {
            throw wrong("unexpected \"" + token.text() + "\" in " + context);
        }
    }

    private void close() {
        expect(Kind.CLOSE, "command");
    }

    private TemplateError wrong(String problem) {
        int at = next < tokens.size() ? tokens.get(next).at() : source.length();
        return TemplateError.parse(Scanner.lineOf(source, at), problem);
    }
}
