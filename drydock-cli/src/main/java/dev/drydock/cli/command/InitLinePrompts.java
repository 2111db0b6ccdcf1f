package dev.drydock.cli.command;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.scaffold.Question;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks line by line: for pipes, scripts and terminals that cannot move the cursor. */
final class InitLinePrompts implements InitPrompts {
    /** Whether answers are shown by somebody else already. */
    enum Echo {
        /** A terminal shows what is typed. */
        BY_TERMINAL,
        /** Nobody does: print the answer, so that the output reads like a dialogue. */
        BY_US
    }

    private final BufferedReader in;
    private final PrintStream out;
    private final Echo echo;

    InitLinePrompts(InputStream in, PrintStream out, Echo echo) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.echo = echo;
    }

    @Override
    public int choose(String question, List<String> entries, int initial) {
        out.println("? " + question);
        for (int i = 0; i < entries.size(); i++) {
            out.println("  " + (i + 1) + ") " + entries.get(i));
        }
        while (true) {
            String answer = answer("  Number or name (" + (initial + 1) + ") ");
            if (answer.isEmpty()) {
                return initial;
            }
            for (int i = 0; i < entries.size(); i++) {
                if (answer.equals(String.valueOf(i + 1)) || isNamed(entries.get(i), answer)) {
                    return i;
                }
            }
            out.println("  '" + answer + "' is none of them.");
        }
    }

    private static boolean isNamed(String entry, String answer) {
        String name =
                entry.endsWith(" (detected)") ? entry.substring(0, entry.length() - " (detected)".length()) : entry;
        return name.equalsIgnoreCase(answer);
    }

    @Override
    public String ask(Question question) {
        if (question.accepts() instanceof Question.Accepts.OneOf(List<String> choices)) {
            return choices.get(choose(question.text(), choices, choices.indexOf(question.initial())));
        }
        while (true) {
            String answer = answer("? " + question.text() + " (" + question.initial() + ") ");
            if (answer.isEmpty()) {
                return question.initial();
            }
            Optional<String> complaint = question.complaint(answer);
            if (complaint.isEmpty()) {
                return answer;
            }
            out.println("  " + complaint.get() + ".");
        }
    }

    @Override
    public boolean confirm(String question) {
        String answer = answer("? " + question + " (y/N) ").toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private String answer(String prompt) {
        out.print(prompt);
        out.flush();
        String line;
        try {
            line = in.readLine();
        } catch (IOException e) {
            throw new EnvironmentFault("read answer: " + e.getMessage(), e);
        }
        if (line == null) {
            out.println();
            throw Cancelled.byEndOfInput();
        }
        if (echo == Echo.BY_US) {
            out.println(line.strip());
        }
        return line.strip();
    }

    @Override
    public void close() {}
}
