package dev.drydock.house;

import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something behind: see {@link Leftovers}. Registered for every test of a module whose
 * {@code junit-platform.properties} turn on the detection of extensions.
 */
public final class LeavesNothing implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeavesNothing.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", Leftovers.now());
    }

    @Override
    @SuppressWarnings("unchecked") // what beforeEach put there
    public void afterEach(ExtensionContext context) throws Exception {
        Set<String> before = context.getStore(NAMESPACE).get("before", Set.class);
        // the kernel takes a moment to end what was killed
        Eventually.holds(() -> {
            Set<String> left = Leftovers.since(before);
            if (!left.isEmpty()) {
                throw new AssertionError("the test left behind:\n" + String.join("\n", left));
            }
        });
    }
}
