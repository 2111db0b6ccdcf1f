package dev.drydock.oci;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.UserFault;

/** Any text is a name or refused, and a name is the same name however it is written out. */
class ImageRefFuzz {
    @FuzzTest
    void reference(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        ImageRef name;
        try {
            name = ImageRef.parse(text);
        } catch (UserFault _) {
            return; // said with its reason
        }
        for (String written : new String[] {name.toString(), name.familiar()}) {
            if (!ImageRef.parse(written).equals(name)) {
                throw new AssertionError(text + " is " + name + ", but " + written + " is " + ImageRef.parse(written));
            }
        }
    }

    @FuzzTest
    void platform(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Platform platform;
        try {
            platform = Platform.parse(text);
        } catch (UserFault _) {
            return; // said with its reason
        }
        Platform written = Platform.parse(platform.toString());
        Platform whole = new Platform(written.os(), written.architecture(), written.variant(), platform.osVersion());
        if (!whole.equals(platform)) {
            throw new AssertionError(text + " is " + platform);
        }
    }
}
