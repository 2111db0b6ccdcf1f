package dev.drydock.frontend;

import dev.drydock.dockerfile.Directive;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The image of the frontend that a definition asks for with {@code # syntax=}. Every version and channel of Docker's own
 * Dockerfile frontend, wherever it is mirrored, stands for this one.
 */
final class FrontendImage {
    private static final String ARGUMENT = "BUILDKIT_SYNTAX";
    private static final String BUILT_IN = "dockerfile.v0";
    private static final List<String> OWN = List.of("docker/dockerfile", "docker/dockerfile-upstream");

    private FrontendImage() {}

    /** @throws UserFault that names the frontend, with its place, if it is another one */
    static void require(Definition definition, Map<String, String> buildArgs) {
        String argument = buildArgs.get(ARGUMENT);
        if (argument != null) {
            if (!isOwn(firstWord(argument))) {
                throw foreign(firstWord(argument));
            }
            return;
        }
        Directive directive = Directive.syntax(definition.text());
        if (directive != null && !isOwn(directive.firstWord())) {
            throw foreign(directive.firstWord())
                    .at(SourceRange.lines(definition.fileName(), directive.line(), directive.line()))
                    .about(directive.firstWord());
        }
        String member = directive == null ? jsonMember(definition.text()) : null;
        if (member != null && !isOwn(firstWord(member))) {
            throw foreign(firstWord(member));
        }
    }

    private static String firstWord(String text) {
        return text.strip().split(" ", 2)[0];
    }

    private static boolean isOwn(String image) {
        if (image.equals(BUILT_IN)) {
            return true;
        }
        try {
            String repository = ImageRef.parse(image).repository();
            return OWN.stream().anyMatch(own -> repository.equals(own) || repository.endsWith("/" + own));
        } catch (UserFault noReference) {
            return false;
        }
    }

    /** The member {@code syntax} of a definition that is a JSON object; null for every other text. */
    private static @Nullable String jsonMember(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return null;
        }
        try {
            return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8)) instanceof JsonValue.Obj object
                            && object.get(Directive.SYNTAX) instanceof JsonValue.Text(String value)
                    ? value
                    : null;
        } catch (CorruptData noJson) {
            return null;
        }
    }

    private static UserFault foreign(String image) {
        return new UserFault("failed to load frontend " + image
                        + ": definitions are read as Dockerfiles here, no other frontend is run")
                .hint("Write \"# syntax=docker/dockerfile:1\" or leave the line out, and say in the Dockerfile's own"
                        + " language what the other frontend was for.");
    }
}
