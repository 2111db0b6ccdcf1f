package dev.drydock.engine;

import dev.drydock.frontend.BuildPlan;
import dev.drydock.oci.Digest;
import dev.drydock.solver.ResultCache;
import dev.drydock.solver.StepInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives the steps of a plan names that live through edits of the Dockerfile, so that misses can be explained. */
final class Slots {
    private Slots() {}

    static Map<Digest, StepInfo> of(BuildPlan plan, String definition) {
        Map<Digest, StepInfo> steps = new LinkedHashMap<>();
        Map<String, Integer> positions = new HashMap<>();
        Map<String, Integer> repeats = new HashMap<>();
        for (Map.Entry<Digest, BuildPlan.Step> entry : plan.steps().entrySet()) {
            BuildPlan.Step step = entry.getValue();
            String place = definition + "\n" + step.stage() + "\n";
            int position = positions.merge(place, 1, Integer::sum);
            String text = place + textOf(step.name());
            int repeat = repeats.merge(text, 1, Integer::sum);
            ResultCache.Step slot = new ResultCache.Step(step.name(), text + "\n" + repeat, place + "#" + position);
            steps.put(entry.getKey(), new StepInfo(step.name(), slot, step.ignoreCache()));
        }
        return steps;
    }

    /** The step's name without {@code [stage 2/4]}. */
    private static String textOf(String name) {
        int end = name.startsWith("[") ? name.indexOf("] ") : -1;
        return end < 0 ? name : name.substring(end + 2);
    }
}
