package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;

/** What happens to the parts of an image that is pulled or pushed. Told by one thread at a time. */
public sealed interface TransferEvent {
    /** The registry knows the image; what follows is about it. */
    record Begun(ImageRef name) implements TransferEvent {}

    /**
     * How far a part is.
     *
     * @param blob the part's digest
     * @param current bytes so far, for stages that take time
     * @param total bytes in all
     */
    record Part(Digest blob, Stage stage, long current, long total) implements TransferEvent {}

    /** Another repository of the registry had the part. */
    record Mounted(Digest blob, String from) implements TransferEvent {}

    /** A part's stages, in Docker's words. */
    enum Stage {
        WANTED("Pulling fs layer"),
        DOWNLOADING("Downloading"),
        DOWNLOADED("Download complete"),
        EXTRACTED("Pull complete"),
        PRESENT("Already exists"),
        PREPARING("Preparing"),
        WAITING("Waiting"),
        PUSHING("Pushing"),
        PUSHED("Pushed"),
        LAYER_PRESENT("Layer already exists");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
