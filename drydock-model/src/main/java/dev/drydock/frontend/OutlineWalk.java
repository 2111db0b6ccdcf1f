package dev.drydock.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the facts of a target and of every stage that it needs. The first stage that uses a name says what it means. */
final class OutlineWalk {
    private final Planning planning;
    private final Map<String, Outline.Arg> args = new LinkedHashMap<>();
    private final Map<String, Outline.Secret> secrets = new LinkedHashMap<>();
    private final Map<String, Outline.Secret> agents = new LinkedHashMap<>();

    private OutlineWalk(Planning planning) {
        this.planning = planning;
    }

    static Outline of(Planning planning, Stage target) {
        OutlineWalk walk = new OutlineWalk(planning);
        walk.collect(target);
        return new Outline(
                target.name() == null ? "" : target.name(),
                Descriptions.of(target.comments(), target.name()),
                sorted(
                        walk.args.values(),
                        Comparator.comparingInt(arg -> arg.range().startLine())),
                sorted(
                        walk.secrets.values(),
                        Comparator.comparingInt(secret -> secret.range().startLine())),
                sorted(
                        walk.agents.values(),
                        Comparator.comparingInt(agent -> agent.range().startLine())));
    }

    private static <T> List<T> sorted(Collection<T> values, Comparator<T> order) {
        return values.stream().sorted(order).toList();
    }

    private void collect(Stage target) {
        Set<Stage> visited = new HashSet<>();
        Deque<Stage> waiting = new ArrayDeque<>(List.of(target));
        while (!waiting.isEmpty()) {
            Stage stage = waiting.removeFirst();
            if (visited.add(stage)) {
                take(planning.state(stage).facts());
                needed(stage).reversed().forEach(waiting::addFirst);
            }
        }
    }

    private static List<Stage> needed(Stage stage) {
        List<Stage> needed = new ArrayList<>();
        if (stage.base() != null) {
            needed.add(stage.base());
        }
        for (Command command : stage.commands()) {
            for (Stage source : command.sources()) {
                if (source != null) {
                    needed.add(source);
                }
            }
        }
        return needed;
    }

    private void take(StageFacts facts) {
        for (String name : withDefaults(facts)) {
            Outline.Arg arg = arg(name, facts);
            if (arg != null) {
                args.putIfAbsent(name, arg);
            }
        }
        facts.secrets.forEach(secrets::putIfAbsent);
        facts.agents.forEach(agents::putIfAbsent);
    }

    private Outline.@Nullable Arg arg(String name, StageFacts facts) {
        Outline.Arg own = facts.args.get(name);
        if (own != null) {
            return own;
        }
        GlobalScope.Declared global = planning.scope().declared(name);
        return global == null ? null : global.arg();
    }

    /** The names in use, and those that their defaults are made of. */
    private Set<String> withDefaults(StageFacts facts) {
        Set<String> names = new LinkedHashSet<>();
        Deque<String> waiting = new ArrayDeque<>(facts.used);
        while (!waiting.isEmpty()) {
            String name = waiting.removeFirst();
            if (names.add(name) && !facts.args.containsKey(name)) {
                GlobalScope.Declared global = planning.scope().declared(name);
                if (global != null) {
                    waiting.addAll(global.uses());
                }
            }
        }
        return names;
    }
}
