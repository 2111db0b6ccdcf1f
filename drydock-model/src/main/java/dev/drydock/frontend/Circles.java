package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds stages that take files from each other in a circle. Walks without recursion: a file may have many stages. */
final class Circles {
    private final Set<Stage> visited = new HashSet<>();

    private Circles() {}

    /** One instruction on the way, and the stage that it takes files from. */
    private record Use(Command command, Stage source) {}

    /** A stage on the way, how the way came to it, and what is left to follow. */
    private record Position(Stage stage, @Nullable Use through, Deque<Use> left) {
        static Position at(Stage stage, @Nullable Use through) {
            Deque<Use> uses = new ArrayDeque<>();
            for (Command command : stage.commands()) {
                for (Stage source : command.sources()) {
                    if (source != null) {
                        uses.add(new Use(command, source));
                    }
                }
            }
            return new Position(stage, through, uses);
        }
    }

    /** @throws UserFault {@code circular dependency detected on stage: x} */
    static void refuse(List<Stage> stages) {
        Circles circles = new Circles();
        for (Stage stage : stages) {
            circles.from(stage);
        }
    }

    private void from(Stage start) {
        Deque<Position> way = new ArrayDeque<>();
        Set<Stage> onWay = new HashSet<>();
        if (visited.add(start)) {
            onWay.add(start);
            way.addLast(Position.at(start, null));
        }
        while (!way.isEmpty()) {
            Position here = way.getLast();
            Use use = here.left.poll();
            if (use == null) {
                onWay.remove(here.stage);
                way.removeLast();
            } else if (onWay.contains(use.source)) {
                throw fault(start, way, use);
            } else if (visited.add(use.source)) {
                onWay.add(use.source);
                way.addLast(Position.at(use.source, use));
            }
        }
    }

    private static UserFault fault(Stage start, Deque<Position> way, Use last) {
        List<Use> uses = new ArrayList<>();
        for (Position position : way) {
            if (position.through != null) {
                uses.add(position.through);
            }
        }
        uses.add(last);
        UserFault fault = new UserFault("circular dependency detected on stage: " + start.title());
        List<String> told = new ArrayList<>();
        Stage user = start;
        for (Use use : uses) {
            told.add(user.title() + " needs " + use.source.title() + " (line "
                    + use.command.place().startLine() + ")");
            user = use.source;
        }
        Command command = uses.getFirst().command;
        return fault.at(command.place())
                .about(command.written(uses.getFirst().source))
                .hint("Break the circle: " + String.join(", ", told) + ".");
    }
}
