package dev.drydock.scaffold;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.UserFault;
import java.nio.charset.StandardCharsets;

class TomlFuzz {
    /** Any text is read or refused with a fault that has a place; nothing else leaves the reader. */
    @FuzzTest(maxDuration = "20s")
    void readsOrRefuses(byte[] bytes) {
        try {
            Toml.read("Cargo.toml", new String(bytes, StandardCharsets.UTF_8));
        } catch (UserFault refused) {
            if (refused.range().isEmpty()) {
                throw new AssertionError("no place", refused);
            }
        }
    }
}
