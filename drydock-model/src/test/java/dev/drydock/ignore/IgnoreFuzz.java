package dev.drydock.ignore;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.UserFault;

class IgnoreFuzz {
    @FuzzTest
    void anyTextIsMatchedOrRefused(FuzzedDataProvider data) {
        String text = data.consumeString(500);
        String path = data.consumeRemainingAsString();
        try {
            IgnoreMatcher matcher = IgnoreMatcher.of(IgnoreFile.parse(text));
            if (matcher.ignored(path) != matcher.decidedBy(path).isPresent()) {
                throw new AssertionError("hidden by no pattern: " + path);
            }
        } catch (UserFault _) {
            // A malformed pattern.
        }
    }
}
