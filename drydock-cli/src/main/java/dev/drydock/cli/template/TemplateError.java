package dev.drydock.cli.template;

import java.io.Serial;

/** A template that cannot be read or does not fit its data, in Go's words. */
public final class TemplateError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean parsing;

    private TemplateError(String message, boolean parsing) {
        super(message, null, false, false);
        this.parsing = parsing;
    }

    static TemplateError parse(int line, String problem) {
        return new TemplateError("template: :" + line + ": " + problem, true);
    }

    static TemplateError execute(int line, int column, String node, String problem) {
        return new TemplateError(
                "template: :" + line + ":" + column + ": executing \"\" at <" + node + ">: " + problem, false);
    }

    /** Whether the text itself is wrong, whatever the data. */
    public boolean isParsing() {
        return parsing;
    }
}
