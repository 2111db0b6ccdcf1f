package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import dev.drydock.runtime.CdiRegistry;
import dev.drydock.runtime.DeviceEdits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which devices steps get: what they ask for, as far as the host describes it and the caller allows it. */
public final class StepDevices {
    private final Map<String, String> environment;
    private final boolean all;
    private final Map<String, String> granted;

    /**
     * Reads nothing yet.
     *
     * @param all whether every device is allowed
     * @param granted devices that are allowed, each with the one that is meant by it, empty for itself
     */
    public StepDevices(Map<String, String> environment, boolean all, Map<String, String> granted) {
        this.environment = Map.copyOf(environment);
        this.all = all;
        this.granted = new LinkedHashMap<>(granted);
    }

    /** @throws UserFault if a step asks for a device that it may not have, or that it must have and is not there */
    public void check(Op.Exec step) {
        if (!step.devices().isEmpty()) {
            names(step, CdiRegistry.of(environment));
        }
    }

    /** What the devices of a step change in it. */
    DeviceEdits edits(Op.Exec step) {
        if (step.devices().isEmpty()) {
            return DeviceEdits.NONE;
        }
        CdiRegistry registry = CdiRegistry.of(environment);
        return registry.edits(List.copyOf(names(step, registry)));
    }

    private Set<String> names(Op.Exec step, CdiRegistry registry) {
        Set<String> free = new LinkedHashSet<>();
        for (String name : granted.keySet()) {
            free.addAll(registry.find(name));
        }
        Set<String> names = new LinkedHashSet<>();
        List<String> forbidden = new ArrayList<>();
        for (Op.Device wish : step.devices()) {
            String meant = granted.getOrDefault(wish.name(), "");
            List<String> found = registry.find(meant.isEmpty() ? wish.name() : meant);
            if (found.isEmpty() && wish.required()) {
                throw missing(wish, registry);
            }
            for (String device : found) {
                if (all || !meant.isEmpty() || free.contains(device) || registry.isFree(device)) {
                    names.add(device);
                } else {
                    forbidden.add(device);
                }
            }
        }
        if (!forbidden.isEmpty()) {
            String which = String.join(", ", forbidden);
            throw new UserFault(
                            forbidden.size() == 1
                                    ? "device " + which + " is requested by the build but not allowed"
                                    : "devices " + which + " are requested by the build but not allowed")
                    .hint("If you trust this Dockerfile, build with --allow device=" + forbidden.getFirst()
                            + ", or with --allow device for all of them.");
        }
        return names;
    }

    private static UserFault missing(Op.Device wish, CdiRegistry registry) {
        UserFault fault = new UserFault("required device \"" + wish.name() + "\" is not registered");
        registry.unreadable().forEach(file -> fault.hint("Not read: " + file));
        String there = registry.names().isEmpty() ? "none" : String.join(", ", registry.names());
        fault.hint("Devices are described in /etc/cdi, /var/run/cdi and /etc/buildkit/cdi (or DRYDOCK_CDI_SPEC_DIRS);"
                + " there: " + there + ".");
        return fault;
    }
}
