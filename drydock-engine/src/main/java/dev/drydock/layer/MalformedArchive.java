package dev.drydock.layer;

import java.io.IOException;

/** The bytes are no archive, or one that cannot be unpacked as it is meant. */
final class MalformedArchive extends IOException {
    MalformedArchive(String why) {
        super(why);
    }
}
