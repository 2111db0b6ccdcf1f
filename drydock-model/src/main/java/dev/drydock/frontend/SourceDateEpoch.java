package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Resolver.Dated;
import dev.drydock.oci.Digest;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code SOURCE_DATE_EPOCH} says: seconds since 1970, or the name of something that has a time: {@code context}, a
 * named context, or a stage that is nothing but one ADD of something remote on {@code FROM scratch}.
 */
final class SourceDateEpoch {
    static final String NAME = "SOURCE_DATE_EPOCH";

    private final List<Instruction> instructions;
    private final Map<String, String> buildArgs;
    private final GlobalScope scope;
    private final WordExpander words;

    private SourceDateEpoch(
            List<Instruction> instructions, Map<String, String> buildArgs, GlobalScope scope, WordExpander words) {
        this.instructions = instructions;
        this.buildArgs = buildArgs;
        this.scope = scope;
        this.words = words;
    }

    /**
     * The time, null if none is asked for or its source does not know one. Blocks while a source is asked.
     *
     * @throws UserFault if the value means nothing
     */
    static @Nullable Instant of(
            List<Instruction> instructions,
            BuildOptions options,
            GlobalScope scope,
            WordExpander words,
            Resolver resolver)
            throws InterruptedException {
        String text = text(options, scope);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException name) {
            SourceDateEpoch epoch = new SourceDateEpoch(instructions, options.buildArgs(), scope, words);
            Dated source = epoch.source(text, options.contexts(), options.targetPlatform());
            return source == null ? null : resolver.changed(source).orElse(null);
        }
    }

    /** Whether the value is a name; then stages see the seconds in its place, or nothing. */
    static boolean isName(BuildOptions options, GlobalScope scope) {
        return !text(options, scope).matches("-?[0-9]*");
    }

    private static String text(BuildOptions options, GlobalScope scope) {
        String text = options.buildArgs().getOrDefault(NAME, scope.value(NAME));
        return text == null ? "" : text;
    }

    private @Nullable Dated source(String name, NamedContexts contexts, Platform platform) {
        if (name.equals("context")) {
            return new Dated.MainContext();
        }
        Optional<NamedContexts.Named> named = contexts.find(name, platform);
        if (named.isPresent()) {
            return switch (named.get().context()) {
                case NamedContext.Repository(GitSource repository) -> new Dated.Repository(repository);
                case NamedContext.Web(String url) -> new Dated.Web(url, null);
                case NamedContext.Local _, NamedContext.Image _ -> null;
            };
        }
        for (int i = 0; i < instructions.size(); i++) {
            if (instructions.get(i) instanceof Instruction.From from && name.equalsIgnoreCase(from.nameAsWritten())) {
                int first = i + 1;
                return Faults.valueAbout(name, () -> Faults.valueAt(from.range(), () -> ofStage(from, first)));
            }
        }
        UserFault fault = new UserFault("invalid SOURCE_DATE_EPOCH: " + name)
                .hint("Give seconds since 1970 as a number, \"context\", or the name of a context or stage.");
        GlobalScope.Declared declared = buildArgs.containsKey(NAME) ? null : scope.declared(NAME);
        throw declared == null ? fault : fault.at(declared.arg().range()).about(declared.fallback());
    }

    private Dated ofStage(Instruction.From from, int first) {
        Map<String, String> values = new HashMap<>();
        WordExpander.Lookup variable =
                key -> values.containsKey(key) ? values.get(key) : NAME.equals(key) ? null : scope.value(key);
        String base;
        try {
            base = words.expand(from.base(), variable).value();
        } catch (DrydockException fault) {
            throw Faults.prefixed(
                    "failed to process source stage base name " + GoFormat.quoted(from.base()) + ": ", fault);
        }
        if (!base.equals("scratch")) {
            throw new UserFault("SOURCE_DATE_EPOCH stage must use FROM scratch").about(from.base());
        }
        Dated source = null;
        for (Instruction each : instructions.subList(first, instructions.size())) {
            switch (each) {
                case Instruction.From _ -> {
                    return required(source);
                }
                case Instruction.Arg arg -> arg.pairs().forEach(pair -> declare(pair, values, variable));
                case Instruction.Copy copy
                when copy.add() -> {
                    if (source != null) {
                        throw notOne("");
                    }
                    source = added(copy, variable);
                }
                default ->
                    throw new UserFault("SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported "
                            + each.written().keyword() + " instruction");
            }
        }
        return required(source);
    }

    private static Dated required(@Nullable Dated source) {
        if (source == null) {
            throw notOne("");
        }
        return source;
    }

    private static UserFault notOne(String what) {
        return new UserFault("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD" + what);
    }

    private void declare(Instruction.Pair pair, Map<String, String> values, WordExpander.Lookup variable) {
        String given = buildArgs.get(pair.key());
        String fallback = pair.value();
        if (given != null) {
            values.put(pair.key(), given);
        } else if (fallback != null) {
            values.put(pair.key(), words.expand(fallback, variable).value());
        }
    }

    private Dated added(Instruction.Copy add, WordExpander.Lookup variable) {
        if (!add.heredocs().isEmpty() || add.sources().size() != 1) {
            throw notOne(" source");
        }
        String source = words.expand(add.sources().getFirst(), variable).value();
        String checksum =
                words.expand(add.flags().getOrDefault("checksum", ""), variable).value();
        if (GitSource.isGit(source)) {
            GitSource git = GitSource.parse(source);
            return new Dated.Repository(checksum.isEmpty() ? git : git.withChecksum(checksum));
        }
        if (GitSource.isHttp(source)) {
            return new Dated.Web(source, checksum.isEmpty() ? null : Digest.parse(checksum));
        }
        throw new UserFault("SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD");
    }
}
