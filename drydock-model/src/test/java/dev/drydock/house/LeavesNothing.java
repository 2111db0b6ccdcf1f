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
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 50;

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeavesNothing.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", Leftovers.now());
    }

    @Override
    @SuppressWarnings("unchecked") // what beforeEach put there
    public void afterEach(ExtensionContext context) throws InterruptedException {
        Set<String> before = context.getStore(NAMESPACE).get("before", Set.class);
        Set<String> left = Leftovers.since(before);
        for (int tries = 0; tries < TRIES && !left.isEmpty(); tries++) {
            Thread.sleep(PAUSE_MILLIS); // the kernel takes a moment to end what was killed
            left = Leftovers.since(before);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("the test left behind:\n" + String.join("\n", left));
        }
    }
}
