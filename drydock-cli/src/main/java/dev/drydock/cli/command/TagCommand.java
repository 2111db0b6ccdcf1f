package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;

/** {@code drydock tag}. */
final class TagCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.command("drydock tag", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE")
                .operands("SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", Arity.exactly(2), OperandKind.IMAGE)
                .about("An image may have any number of names. A name that another image has moves to this one.")
                .alias("drydock image tag", "drydock tag")
                .example("Give an image a version beside latest", "drydock tag hello:latest hello:v1.0.0")
                .example("Name it for a registry", "drydock tag 3f2a9c1b4d5e registry.example.com/team/hello:v1.0.0")
                .build();
    }

    @Override
    public int run(Arguments arguments, Session session) {
        String source = arguments.operands().get(0);
        String target = arguments.operands().get(1);
        if (!isFullId(source)) {
            parse(source);
        }
        if (target.startsWith("sha256:")) {
            throw new UserFault("refusing to create an ambiguous tag using digest algorithm as name");
        }
        ImageRef name = parse(target);
        if (name.digest() != null) {
            throw new CommandFailed("refusing to create a tag with a digest reference");
        }
        try (Store store = session.store()) {
            store.tag(source, name.withDefaultTag());
        }
        return 0;
    }

    private static boolean isFullId(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Reads a name; what is wrong with it is worded as Docker's client does. */
    private static ImageRef parse(String text) {
        try {
            return ImageRef.parse(text);
        } catch (UserFault e) {
            String detail = text.isEmpty() ? "invalid reference format" : e.text();
            throw new CommandFailed(
                    "error parsing reference: \"" + text + "\" is not a valid repository/tag: " + detail, 1, e.hints());
        }
    }
}
