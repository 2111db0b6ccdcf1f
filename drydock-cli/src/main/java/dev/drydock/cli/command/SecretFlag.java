package dev.drydock.cli.command;

import dev.drydock.dockerfile.Csv;
import dev.drydock.engine.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One {@code --secret}: {@code id=X[,src=FILE][,env=VARIABLE][,type=file|env]}. */
record SecretFlag(String id, Secret secret) {
    static SecretFlag parse(String text, Session session) {
        String id = "";
        String source = "";
        String variable = "";
        String type = "";
        for (String field : Csv.record(text)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new CommandFailed("ERROR: invalid field '" + field + "' must be a key=value pair");
            }
            String key = field.substring(0, equals).toLowerCase(Locale.ROOT);
            String value = field.substring(equals + 1);
            switch (key) {
                case "id" -> id = value;
                case "source", "src" -> source = value;
                case "env" -> variable = value;
                case "type" -> {
                    if (!value.equals("file") && !value.equals("env")) {
                        throw new CommandFailed("ERROR: unsupported secret type \"" + value + "\"");
                    }
                    type = value;
                }
                default -> throw new CommandFailed("ERROR: unexpected key '" + key + "' in '" + field + "'");
            }
        }
        if (type.equals("env") && variable.isEmpty()) {
            variable = source;
            source = "";
        }
        if (id.isEmpty()) {
            throw StepFlags.failed("secret missing ID");
        }
        if (variable.isEmpty() && source.isEmpty()) {
            if (session.environment().containsKey(id) && !type.equals("file")) {
                variable = id;
            } else {
                source = id;
            }
        }
        return new SecretFlag(id, source.isEmpty() ? ofVariable(variable, session) : ofFile(id, source, session));
    }

    private static Secret ofVariable(String variable, Session session) {
        String value = session.environment().getOrDefault(variable, "");
        return new Secret.OfValue(value.getBytes(StandardCharsets.UTF_8));
    }

    private static Secret ofFile(String id, String source, Session session) {
        Path file = session.directory().resolve(source);
        if (!Files.exists(file)) {
            throw StepFlags.failed("failed to stat " + source + ": stat " + source + ": no such file or directory");
        }
        try {
            if (Files.size(file) > Secret.MAX_SIZE) {
                throw StepFlags.failed("secret " + id + " too big. max size 500KB");
            }
        } catch (IOException e) {
            throw StepFlags.failed("failed to stat " + source + ": " + e.getMessage());
        }
        return new Secret.OfFile(file);
    }
}
