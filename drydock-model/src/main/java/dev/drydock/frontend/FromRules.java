package dev.drydock.frontend;

import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.Rule;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.dockerfile.WordExpander.Expansion;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.List;
import java.util.Set;

/** The rules about FROM lines, which need the values of global variables and the base images. */
final class FromRules {
    private static final String TARGET_PLATFORM = "TARGETPLATFORM";

    private FromRules() {}

    /** A base name that only build arguments make valid; {@code defaults} is the scope without them. */
    static void defaults(List<Instruction> instructions, GlobalScope defaults, WordExpander words, Checks checks) {
        for (Instruction instruction : instructions) {
            if (instruction instanceof Instruction.From from) {
                String base;
                try {
                    base = words.expand(from.base(), defaults::value).value();
                } catch (UserFault noWord) {
                    return; // the build will say so itself
                }
                if (!isReference(base)) {
                    checks.report(Rule.INVALID_DEFAULT_ARG_IN_FROM, from.range(), from.base());
                }
            }
        }
    }

    private static boolean isReference(String text) {
        try {
            ImageRef.parse(text);
            return true;
        } catch (UserFault invalid) {
            return false;
        }
    }

    static void undefined(Instruction.From from, Set<String> unmatched, GlobalScope scope, Checks checks) {
        for (String name : unmatched) {
            if (!scope.isDeclared(name)) {
                String like = Suggestion.didYouMean(name, scope.known());
                checks.report(Rule.UNDEFINED_ARG_IN_FROM, from.range(), name, like);
            }
        }
    }

    /** {@code --platform} that says what holds without it. */
    static void redundantPlatform(
            Instruction.From from, String written, Expansion expansion, GlobalScope scope, Checks checks) {
        if (expansion.unmatched().isEmpty()
                && expansion.matched().equals(Set.of(TARGET_PLATFORM))
                && expansion.value().equals(scope.value(TARGET_PLATFORM))) {
            checks.report(Rule.REDUNDANT_TARGET_PLATFORM, from.range(), written);
        }
    }

    /** {@code --platform} without a variable, in a stage that does not have it in its name. */
    static void constantPlatform(Instruction.From from, Expansion expansion, Platform platform, Checks checks) {
        String name = from.name() == null ? "" : from.name();
        if (expansion.matched().isEmpty()
                && expansion.unmatched().isEmpty()
                && !name.contains(platform.os())
                && !name.contains(platform.architecture())) {
            checks.report(Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED, from.range(), GoFormat.quoted(expansion.value()));
        }
    }

    static void basePlatform(String image, Platform expected, Platform pulled, SourceRange place, Checks checks) {
        if (!pulled.os().equals(expected.os()) || !pulled.architecture().equals(expected.architecture())) {
            checks.report(Rule.INVALID_BASE_IMAGE_PLATFORM, place, image, pulled, expected);
        }
    }
}
