package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.cli.template.Template;
import dev.drydock.cli.template.TemplateError;
import dev.drydock.engine.ImageSummary;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.Rfc3339;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code drydock inspect} and {@code drydock image inspect}. */
final class InspectCommand implements Command {
    private static final int TEMPLATE_UNREADABLE = 64;

    /** Members that Go's types have even where the JSON leaves them out. */
    private static final Map<String, Template.Zero> ZEROS = Map.ofEntries(
            Map.entry("Author", Template.Zero.TEXT),
            Map.entry("Created", Template.Zero.TEXT),
            Map.entry("Parent", Template.Zero.TEXT),
            Map.entry("Variant", Template.Zero.TEXT),
            Map.entry("OsVersion", Template.Zero.TEXT),
            Map.entry("User", Template.Zero.TEXT),
            Map.entry("WorkingDir", Template.Zero.TEXT),
            Map.entry("StopSignal", Template.Zero.TEXT),
            Map.entry("Env", Template.Zero.LIST),
            Map.entry("Cmd", Template.Zero.LIST),
            Map.entry("Entrypoint", Template.Zero.LIST),
            Map.entry("OnBuild", Template.Zero.LIST),
            Map.entry("Shell", Template.Zero.LIST),
            Map.entry("ExposedPorts", Template.Zero.MAP),
            Map.entry("Volumes", Template.Zero.MAP),
            Map.entry("Labels", Template.Zero.MAP),
            Map.entry("Healthcheck", Template.Zero.POINTER),
            Map.entry("ArgsEscaped", Template.Zero.FALSE));

    private final Kind kind;

    /** Which words a missing image gets. */
    enum Kind {
        OBJECT,
        IMAGE
    }

    InspectCommand() {
        this(Kind.OBJECT);
    }

    InspectCommand(Kind kind) {
        this.kind = kind;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock inspect", "Return low-level information on images")
                .operands("IMAGE [IMAGE...]", Arity.atLeast(1), OperandKind.IMAGE)
                .alias("drydock image inspect", "drydock inspect")
                .flag(Flag.value("format", "string", """
                        Format output using a custom template:
                        'json':             Print in JSON format
                        'TEMPLATE':         Print output using the given Go template""").letter('f'))
                .flag(PlatformFlag.of("Inspect the given platform. Formatted as \"os[/arch[/variant]]\""))
                .flag(Flag.value("type", "string", "Only inspect objects of the given type (\"image\")")
                        .oneOf("image"))
                .example("Everything", "drydock inspect hello")
                .example("One part of it", "drydock inspect -f '{{json .Config.Env}}' hello")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        String type = arguments.value("type", "");
        if (!type.isEmpty() && !type.equals("image")) {
            throw new CommandFailed("unknown type: \"" + type + "\": must be \"image\"");
        }
        String format = arguments.value("format", "");
        Template template = format.isEmpty() || format.equals("json") ? null : template(format);
        List<JsonValue> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try (Store store = session.store()) {
            for (String operand : arguments.operands()) {
                try {
                    found.add(describe(PlatformFlag.image(store, operand, arguments)));
                } catch (UserFault e) {
                    problems.add(problem(operand, e));
                }
            }
        }
        print(template, format, found, problems, session);
        session.out().flush();
        problems.forEach(session.err()::println);
        return problems.isEmpty() ? 0 : 1;
    }

    private String problem(String operand, UserFault fault) {
        boolean missing = fault.text().startsWith("No such image");
        return kind == Kind.OBJECT && missing
                ? "error: no such object: " + operand
                : "Error response from daemon: " + fault.text();
    }

    private static Template template(String format) {
        try {
            return Template.parse(format);
        } catch (TemplateError e) {
            throw new CommandFailed("template parsing error: " + e.getMessage(), TEMPLATE_UNREADABLE, List.of());
        }
    }

    private static void print(
            @Nullable Template template, String format, List<JsonValue> found, List<String> problems, Session session) {
        if (template == null) {
            JsonValue all = JsonValue.array(found);
            session.out()
                    .println(
                            found.isEmpty()
                                    ? "[]"
                                    : format.isEmpty() ? all.indentedForPeople() : all.compactForPeople());
            return;
        }
        for (JsonValue image : found) {
            try {
                session.out().println(template.fill(image, ZEROS));
            } catch (TemplateError e) {
                session.out().println();
                problems.add("template parsing error: " + e.getMessage());
                return;
            }
        }
        if (found.isEmpty()) {
            session.out().println();
        }
    }

    private static JsonValue describe(ImageSummary image) {
        ImageConfig config = image.config();
        String comment =
                config.history().isEmpty() ? null : config.history().getLast().comment();
        Instant created = config.created();
        JsonValue.Members members = JsonValue.object()
                .put("Id", image.id().toString())
                .put("RepoTags", names(image.names()))
                .put("RepoDigests", names(image.digests()))
                .put("Comment", comment == null ? "" : comment);
        if (created != null) {
            members.put("Created", Rfc3339.format(created));
        }
        return members.putUnlessEmpty("Author", config.author())
                .put("Config", ImageConfigJson.write(config.config()))
                .put("Architecture", config.platform().architecture())
                .putUnlessEmpty("Variant", config.platform().variant())
                .put("Os", config.platform().os())
                .putUnlessEmpty("OsVersion", config.platform().osVersion())
                .put("Size", image.size())
                .put(
                        "RootFS",
                        JsonValue.object()
                                .put("Type", "layers")
                                .put(
                                        "Layers",
                                        JsonValue.strings(config.diffIds().stream()
                                                .map(Digest::toString)
                                                .toList()))
                                .build())
                .put(
                        "Metadata",
                        JsonValue.object()
                                .put("LastTagTime", Rfc3339.format(image.stored()))
                                .build())
                .put("Descriptor", descriptor(image.manifest()))
                .build();
    }

    private static JsonValue names(List<ImageRef> names) {
        return JsonValue.strings(names.stream().map(ImageRef::familiar).toList());
    }

    private static JsonValue descriptor(Descriptor descriptor) {
        return JsonValue.object()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size())
                .build();
    }
}
