package dev.drydock.frontend;

import dev.drydock.dockerfile.DockerfileParser;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.MountFlag;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Resolver.ImageRequest;
import dev.drydock.frontend.Resolver.ResolvedImage;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the target needs: stages, images named by {@code --from}, and the triggers of base images, which may need
 * more. Images are pinned in rounds, all of a round at once; only triggers make a second round.
 */
final class StageLinker {
    private static final List<String> COMMON_IMAGES =
            List.of("alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora");

    private final StageTable table;
    private final Resolver resolver;
    private final Platform targetPlatform;
    private final NamedContexts contexts;

    private final Set<Stage> linked = new LinkedHashSet<>();
    private final Map<String, Stage> images = new HashMap<>();
    private final Map<ImageRequest, ResolvedImage> pinned = new HashMap<>();
    private final Deque<Stage> waiting = new ArrayDeque<>();

    StageLinker(StageTable table, Resolver resolver, BuildOptions options) {
        this.table = table;
        this.resolver = resolver;
        this.targetPlatform = options.targetPlatform();
        this.contexts = options.contexts();
    }

    /** Everything that the stages need: stages in the order of the file, images that are no stage first. */
    List<Stage> link(List<Stage> wanted) throws InterruptedException {
        for (Stage stage : table.stages()) {
            for (Instruction instruction : stage.own()) {
                stage.commands().add(command(instruction, false, instruction.range()));
            }
        }
        Circles.refuse(table.stages());
        // names of images must be right also in stages that nothing needs
        Stream.concat(table.stages().stream(), images.values().stream())
                .filter(Stage::needsImage)
                .forEach(StageLinker::reference);
        waiting.addAll(wanted);
        while (!waiting.isEmpty()) {
            List<Stage> unresolved = new ArrayList<>();
            while (!waiting.isEmpty()) {
                Stage stage = waiting.remove();
                if (linked.add(stage)) {
                    enter(stage, unresolved);
                }
            }
            resolve(unresolved);
            for (Stage stage : unresolved) {
                prependTriggers(stage, triggersOf(stage));
            }
        }
        List<Stage> inOrder = new ArrayList<>(linked);
        inOrder.sort((a, b) -> Integer.compare(a.index(), b.index()));
        return inOrder;
    }

    private void enter(Stage stage, List<Stage> unresolved) {
        stage.commands().forEach(this::await);
        Stage base = stage.base();
        if (base != null) {
            waiting.add(base);
            prependTriggers(stage, base.triggersForChildren());
        } else if (stage.needsImage()) {
            unresolved.add(stage);
        }
    }

    private void await(Command command) {
        for (Stage source : command.sources()) {
            if (source != null) {
                waiting.add(source);
            }
        }
    }

    private static List<String> triggersOf(Stage stage) {
        ResolvedImage image = stage.image();
        return image == null || stage.index() == Stage.NOT_IN_FILE
                ? List.of()
                : image.config().config().onBuild();
    }

    private void prependTriggers(Stage stage, List<String> triggers) {
        List<Command> commands = new ArrayList<>();
        for (String trigger : triggers) {
            try {
                Instruction instruction = DockerfileParser.parseTrigger(trigger, stage.place());
                commands.add(command(instruction, true, stage.place()));
            } catch (UserFault fault) {
                throw fault.movedTo(stage.place(), stage.written());
            }
        }
        commands.forEach(this::await);
        stage.commands().addAll(0, commands);
    }

    private Command command(Instruction instruction, boolean onBuild, SourceRange place) {
        List<@Nullable Stage> sources = new ArrayList<>();
        Faults.at(place, () -> {
            if (instruction instanceof Instruction.Copy copy) {
                String from = copy.flags().get("from");
                sources.add(from == null || from.isEmpty() || copy.add() ? null : copySource(from, place));
            } else if (instruction instanceof Instruction.Run run) {
                for (String mount : run.mounts()) {
                    String from = MountFlag.from(mount);
                    sources.add(from == null ? null : source(from, place));
                }
            }
        });
        return new Command(instruction, onBuild, place, sources);
    }

    private Stage copySource(String from, SourceRange place) {
        if (from.indexOf('$') >= 0) {
            throw new UserFault("variable expansion is not supported for --from, define a new stage with FROM using ARG"
                            + " from global scope as a workaround")
                    .about(from);
        }
        if (!isNumber(from)) {
            return source(from, place);
        }
        int index = from.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(from);
        if (index < 0 || index >= table.size()) {
            throw new UserFault("invalid stage index " + from)
                    .about(from)
                    .hint("Stages are counted from 0; this file has " + table.size() + ".");
        }
        return table.stages().get(index);
    }

    /** The context or else the last stage of that name, else an image. */
    private Stage source(String from, SourceRange place) {
        if (contexts.find(from, targetPlatform).isPresent()) {
            return image(from, place);
        }
        Stage named = table.named(from);
        return named != null ? named : image(from, place);
    }

    private static boolean isNumber(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.length() > start && text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
    }

    private Stage image(String name, SourceRange place) {
        return images.computeIfAbsent(name, missing -> {
            NamedContexts.Named named = contexts.find(missing, targetPlatform).orElse(null);
            return named != null && named.context() instanceof NamedContext.Image(String reference)
                    ? new Stage(Stage.NOT_IN_FILE, null, missing, reference, null, null, place, named)
                    : new Stage(Stage.NOT_IN_FILE, null, missing, missing, null, null, place, named);
        });
    }

    private void resolve(List<Stage> stages) throws InterruptedException {
        Map<ImageRequest, Stage> wanted = new LinkedHashMap<>();
        Map<Stage, ImageRequest> requests = new LinkedHashMap<>();
        for (Stage stage : stages) {
            ImageRequest request = new ImageRequest(reference(stage), platform(stage));
            requests.put(stage, request);
            if (!pinned.containsKey(request)) {
                wanted.putIfAbsent(request, stage);
            }
        }
        if (!wanted.isEmpty()) {
            pin(wanted);
        }
        for (Map.Entry<Stage, ImageRequest> entry : requests.entrySet()) {
            ResolvedImage image = pinned.get(entry.getValue());
            if (image != null) {
                entry.getKey().image(image);
            }
        }
    }

    private void pin(Map<ImageRequest, Stage> wanted) throws InterruptedException {
        List<ImageRequest> requests = List.copyOf(wanted.keySet());
        try {
            pin(requests, resolver.resolve(requests));
        } catch (DrydockException batchFault) {
            for (Map.Entry<ImageRequest, Stage> entry : wanted.entrySet()) {
                if (wanted.size() == 1) {
                    throw explained(entry.getValue(), entry.getKey(), batchFault);
                }
                pinAlone(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Finds out which image of several it was: the first that fails alone. None does if the fault has passed. */
    private void pinAlone(ImageRequest request, Stage stage) throws InterruptedException {
        try {
            pin(List.of(request), resolver.resolve(List.of(request)));
        } catch (DrydockException fault) {
            throw explained(stage, request, fault);
        }
    }

    private void pin(List<ImageRequest> requests, List<ResolvedImage> answers) {
        for (int i = 0; i < requests.size(); i++) {
            pinned.put(requests.get(i), answers.get(i));
        }
    }

    private DrydockException explained(Stage stage, ImageRequest request, DrydockException fault) {
        List<String> known = new ArrayList<>(table.names());
        known.addAll(COMMON_IMAGES);
        String like = Suggestion.didYouMean(stage.baseName(), known);
        DrydockException told = Faults.prefixed(
                stage.baseName() + ": failed to resolve source metadata for " + request.reference() + ": ",
                fault,
                like);
        if (stage.index() == Stage.NOT_IN_FILE && !table.names().isEmpty()) {
            told = told.hint("Stages with a name: " + String.join(", ", table.names()) + ".");
        }
        return told.at(stage.place()).about(stage.written());
    }

    private static ImageRef reference(Stage stage) {
        try {
            return ImageRef.parse(stage.baseName()).withDefaultTag();
        } catch (UserFault e) {
            throw Faults.prefixed("failed to parse stage name " + GoFormat.quoted(stage.baseName()) + ": ", e)
                    .at(stage.place())
                    .about(stage.written());
        }
    }

    private Platform platform(Stage stage) {
        Platform platform = stage.platform();
        return platform == null ? targetPlatform : platform;
    }

    /** The image of a stage that needs one. */
    static ResolvedImage imageOf(Stage stage) {
        ResolvedImage image = stage.image();
        if (image == null) {
            throw new IllegalStateException("stage " + stage.title() + " was not resolved");
        }
        return image;
    }
}
