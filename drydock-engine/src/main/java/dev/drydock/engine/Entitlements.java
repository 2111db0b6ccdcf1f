package dev.drydock.engine;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds every step of a plan against what the caller allows. */
final class Entitlements {
    private Entitlements() {}

    /** @throws UserFault {@code security.insecure is not allowed}, at the first step that asks for it */
    static void check(BuildPlan plan, Set<Entitlement> allowed) {
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
            }
        }
    }

    private static void need(Entitlement wanted, Set<Entitlement> allowed, @Nullable SourceRange place) {
        if (allowed.contains(wanted)) {
            return;
        }
        UserFault fault = new UserFault(wanted + " is not allowed");
        fault.hint("If you trust this Dockerfile, build with --allow " + wanted + ".");
        throw place == null ? fault : fault.at(place);
    }
}
