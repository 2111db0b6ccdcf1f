package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Arity;
import dev.drydock.cli.command.CommandSpec.OperandKind;
import dev.drydock.engine.Ceiling;
import dev.drydock.engine.PruneRequest;
import dev.drydock.engine.PruneResult;
import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/** {@code drydock prune}, {@code drydock image prune} and {@code drydock builder prune}. */
final class PruneCommand implements Command {
    /** What is meant. */
    enum Kind {
        EVERYTHING,
        IMAGES,
        CACHE
    }

    private static final String ASK = "Are you sure you want to continue? [y/N] ";

    private final Kind kind;

    PruneCommand(Kind kind) {
        this.kind = kind;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec.Builder spec = switch (kind) {
            case EVERYTHING ->
                CommandSpec.command("drydock prune", "Remove images without a name, and unused build cache")
                        .alias("drydock prune", "drydock system prune")
                        .about(
                                "Nothing goes that an image with a name or a running build needs. With --all, images with a "
                                        + "name go too, and everything that the build cache has.");
            case IMAGES ->
                CommandSpec.command("drydock image prune", "Remove images without a name")
                        .about("With --all, images with a name go too.");
            case CACHE ->
                CommandSpec.command("drydock builder prune", "Remove build cache")
                        .alias("drydock builder prune", "drydock buildx prune")
                        .about(
                                "What is left out of images of the store goes; with --all, what they share too. With a limit, "
                                        + "what was not used for the longest time goes until the limit holds.");
        };
        spec.operands("", Arity.NONE, OperandKind.NOTHING)
                .flag(Flag.toggle(
                                "all",
                                kind == Kind.CACHE
                                        ? "Remove all build cache, not just what no image shares"
                                        : "Remove all images, not just those without a name")
                        .letter('a'))
                .flag(Flag.toggle("dry-run", "Say what would be removed, and remove nothing"))
                .flag(Flag.list(
                        "filter",
                        kind == Kind.IMAGES ? "filter" : "field",
                        "Remove only what fits: "
                                + switch (kind) {
                                    case IMAGES -> "until=TIME, label=KEY[=VALUE], label!=KEY[=VALUE]";
                                    case CACHE -> CacheFilters.FIELDS;
                                    case EVERYTHING -> "label=KEY[=VALUE], " + CacheFilters.FIELDS;
                                }))
                .flag(Flag.toggle("force", "Do not prompt for confirmation").letter('f'));
        if (kind != Kind.IMAGES) {
            spec.flag(Flag.value("max-used-space", "bytes", "Maximum amount of disk space that the cache may keep"))
                    .flag(Flag.value("min-free-space", "bytes", "Target amount of free disk space after pruning"))
                    .flag(Flag.value(
                            "reserved-space", "bytes", "Amount of disk space always allowed to keep for cache"))
                    .flag(Flag.toggle("verbose", "Show everything that is known of what goes"))
                    .hidden(Flag.value("keep-storage", "bytes", "Old name of --reserved-space"))
                    .hidden(Flag.toggle("volumes", "There are no volumes"));
        }
        return switch (kind) {
            case EVERYTHING ->
                spec.example("Free what nothing needs", "drydock prune")
                        .example("See what would go", "drydock prune --dry-run")
                        .example("Keep 10 GB of cache, the last used", "drydock prune -f --max-used-space 10GB")
                        .build();
            case IMAGES ->
                spec.example(
                                "All images of a team that are older than ten days",
                                "drydock image prune -a --filter label=team=web --filter until=240h")
                        .build();
            case CACHE ->
                spec.example("Cache mounts", "drydock builder prune --filter type=exec.cachemount")
                        .example("What was not used for a week", "drydock builder prune -f --filter until=168h")
                        .build();
        };
    }

    @Override
    public int run(Arguments arguments, Session session) throws InterruptedException {
        PruneRequest request = request(arguments, session);
        if (!arguments.isOn("force") && !request.dryRun() && !confirmed(arguments.isOn("all"), session)) {
            return 0;
        }
        PruneResult result;
        try (Interruption _ = Interruption.ofThisThread();
                Store store = session.store()) {
            result = store.prune(request);
        }
        Instant now = session.clock().instant();
        if (kind == Kind.CACHE) {
            session.out().print(PruneReport.ofCache(result, arguments.isOn("verbose"), now));
        } else {
            session.out().print(PruneReport.of(result, request.dryRun(), arguments.isOn("verbose"), now));
        }
        return 0;
    }

    private PruneRequest request(Arguments arguments, Session session) {
        Instant now = session.clock().instant();
        boolean all = arguments.isOn("all");
        List<String> filters = kind == Kind.CACHE
                ? arguments.list("filter")
                : PruneFilters.withConfigured(
                        arguments.list("filter"), UserConfig.of(session).list("pruneFilters"));
        if (arguments.has("keep-storage")) {
            session.err()
                    .println("Flag --keep-storage has been deprecated, keep-storage flag has been changed to"
                            + " reserved-space");
        }
        boolean cache = kind != Kind.IMAGES && filters.stream().noneMatch(PruneFilters::isForImages);
        return new PruneRequest(
                kind == Kind.CACHE
                        ? PruneRequest.Images.NONE
                        : all ? PruneRequest.Images.ALL : PruneRequest.Images.DANGLING,
                kind == Kind.CACHE ? _ -> false : PruneFilters.of(filters, kind == Kind.EVERYTHING, now),
                cache,
                all,
                cache ? CacheFilters.of(filters, now) : _ -> false,
                bytes(arguments, arguments.has("reserved-space") ? "reserved-space" : "keep-storage"),
                bytes(arguments, "max-used-space"),
                bytes(arguments, "min-free-space"),
                arguments.isOn("dry-run"));
    }

    private long bytes(Arguments arguments, String flag) {
        String text = arguments.value(flag);
        if (text == null) {
            return 0;
        }
        try {
            return Ceiling.bytes(text, () -> new UserFault("invalid size: '" + text + "'"));
        } catch (UserFault e) {
            throw new UsageError(
                    "invalid argument \"" + text + "\" for \"--" + flag + "\" flag: " + e.text(),
                    UsageError.FLAGS,
                    spec());
        }
    }

    private boolean confirmed(boolean all, Session session) {
        String images = all ? "all images without at least one container associated to them" : "all dangling images";
        session.out()
                .print(
                        switch (kind) {
                            case IMAGES -> "WARNING! This will remove " + images + ".\n" + ASK;
                            case CACHE ->
                                "WARNING! This will remove all " + (all ? "" : "dangling ") + "build cache. " + ASK;
                            case EVERYTHING ->
                                "WARNING! This will remove:\n  - " + images + "\n  - " + (all ? "all" : "unused")
                                        + " build cache\n\n" + ASK;
                        });
        session.out().flush();
        return line(session.in()).strip().equalsIgnoreCase("y");
    }

    /** Up to the end of the line and no byte further. */
    private static String line(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            return ""; // no answer is no yes
        }
        return line.toString();
    }
}
