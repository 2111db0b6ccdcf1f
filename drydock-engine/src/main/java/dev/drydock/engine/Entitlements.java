package dev.drydock.engine;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.ops.StepDevices;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds every step of a plan against what the caller allows and what there is. */
final class Entitlements {
    private Entitlements() {}

    /**
     * Checks a plan.
     *
     * @throws UserFault {@code security.insecure is not allowed}, or of a device that a step cannot do without, at the
     *     first step that asks for it
     */
    static void check(BuildPlan plan, Set<Entitlement> allowed, StepDevices devices) {
        for (Vertex vertex : plan.graph().vertices()) {
            if (vertex.op() instanceof Op.Exec exec) {
                BuildPlan.Step step = plan.steps().get(vertex.digest());
                SourceRange place = step == null ? null : step.range();
                if (exec.network() == Op.Network.HOST) {
                    need(Entitlement.NETWORK_HOST, allowed, place);
                }
                if (exec.security() == Op.Security.INSECURE) {
                    need(Entitlement.SECURITY_INSECURE, allowed, place);
                }
                try {
                    devices.check(exec);
                } catch (UserFault fault) {
                    throw at(place, fault);
                }
            }
        }
    }

    private static void need(Entitlement wanted, Set<Entitlement> allowed, @Nullable SourceRange place) {
        if (allowed.contains(wanted)) {
            return;
        }
        UserFault fault = new UserFault(wanted + " is not allowed");
        fault.hint("If you trust this Dockerfile, build with --allow " + wanted + ".");
        throw at(place, fault);
    }

    private static UserFault at(@Nullable SourceRange place, UserFault fault) {
        return place == null ? fault : fault.at(place);
    }
}
