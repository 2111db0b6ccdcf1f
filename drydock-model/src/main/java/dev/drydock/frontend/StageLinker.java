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

    private final Set<Stage> linked = new LinkedHashSet<>();
    private final Map<String, Stage> images = new HashMap<>();
    private final Map<ImageRequest, ResolvedImage> pinned = new HashMap<>();
    private final Deque<Stage> waiting = new ArrayDeque<>();

    StageLinker(StageTable table, Resolver resolver, Platform targetPlatform) {
        this.table = table;
        this.resolver = resolver;
        this.targetPlatform = targetPlatform;
    }

    /** Everything that {@code target} needs: stages in the order of the file, images that are no stage first. */
    List<Stage> link(Stage target) throws InterruptedException {
        waiting.add(target);
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
        for (Instruction instruction : stage.own()) {
            stage.commands().add(command(stage, instruction, false, instruction.range()));
        }
        Stage base = stage.base();
        if (base != null) {
            waiting.add(base);
            prependTriggers(stage, base.triggersForChildren());
        } else if (stage.needsImage()) {
            unresolved.add(stage);
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
            Instruction instruction =
                    Faults.valueAt(stage.place(), () -> DockerfileParser.parseTrigger(trigger, stage.place()));
            commands.add(command(stage, instruction, true, stage.place()));
        }
        stage.commands().addAll(0, commands);
    }

    private Command command(Stage stage, Instruction instruction, boolean onBuild, SourceRange place) {
        List<@Nullable Stage> sources = new ArrayList<>();
        Faults.at(place, () -> {
            if (instruction instanceof Instruction.Copy copy) {
                String from = copy.flags().get("from");
                sources.add(from == null || copy.add() ? null : copySource(stage, from, place));
            } else if (instruction instanceof Instruction.Run run) {
                for (String mount : run.mounts()) {
                    String from = MountFlag.from(mount);
                    sources.add(from == null ? null : mountSource(stage, from, place));
                }
            }
        });
        for (Stage source : sources) {
            if (source != null) {
                waiting.add(source);
            }
        }
        return new Command(instruction, onBuild, place, sources);
    }

    private Stage copySource(Stage stage, String from, SourceRange place) {
        if (from.indexOf('$') >= 0) {
            throw new UserFault("variable expansion is not supported for --from, define a new stage with FROM using ARG"
                    + " from global scope as a workaround");
        }
        Stage source;
        if (isNumber(from)) {
            source = from.length() > 9 || Integer.parseInt(from) >= table.size()
                    ? null
                    : table.stages().get(Integer.parseInt(from));
            if (source == null) {
                throw new UserFault("invalid stage index " + from)
                        .hint("Stages are counted from 0; this file has " + table.size() + ".");
            }
        } else {
            source = table.named(from, stage);
            if (source == null) {
                return image(from, place);
            }
        }
        refuseCircle(source, stage);
        if (source.index() > stage.index()) {
            throw new UserFault("cannot copy from stage \"" + from
                    + "\", it needs to be defined before current stage \"" + stage.title() + "\"");
        }
        return source;
    }

    private Stage mountSource(Stage stage, String from, SourceRange place) {
        Stage source = table.named(from, stage);
        if (source == null) {
            return image(from, place);
        }
        refuseCircle(source, stage);
        return source;
    }

    private static void refuseCircle(Stage source, Stage stage) {
        if (source == stage) {
            throw new UserFault("circular dependency detected on stage: " + stage.title());
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private Stage image(String name, SourceRange place) {
        return images.computeIfAbsent(name, missing -> new Stage(Stage.NOT_IN_FILE, null, missing, null, null, place));
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
        String like = Suggestion.nearest(stage.baseName(), known)
                .map(near -> " (did you mean " + near + "?)")
                .orElse("");
        DrydockException told = Faults.prefixed(
                stage.baseName() + ": failed to resolve source metadata for " + request.reference() + ": ",
                fault,
                like);
        return told.at(stage.place());
    }

    private static ImageRef reference(Stage stage) {
        try {
            return ImageRef.parse(stage.baseName()).withDefaultTag();
        } catch (UserFault e) {
            throw Faults.prefixed("failed to parse stage name " + GoFormat.quoted(stage.baseName()) + ": ", e)
                    .at(stage.place());
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
