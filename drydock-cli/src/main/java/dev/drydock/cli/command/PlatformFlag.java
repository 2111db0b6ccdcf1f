package dev.drydock.cli.command;

import dev.drydock.engine.ImageSummary;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Platform;

/** {@code --platform} of commands that look at an image of the store: the image must be for it. */
final class PlatformFlag {
    private static final String NAME = "platform";

    private PlatformFlag() {}

    static Flag of(String help) {
        return Flag.value(NAME, "string", help);
    }

    /**
     * Looks an image up.
     *
     * @throws UserFault if there is none, or it is for another platform; in the words of Docker's engine
     */
    static ImageSummary image(Store store, String operand, Arguments arguments) {
        ImageSummary image = store.image(operand);
        String wanted = arguments.value(NAME);
        if (wanted != null && !isFor(image.config().platform(), Platform.parse(wanted))) {
            throw new UserFault("image with reference " + operand
                    + " was found but does not provide the specified platform (" + Platform.parse(wanted) + ")");
        }
        return image;
    }

    private static boolean isFor(Platform has, Platform wanted) {
        return has.os().equals(wanted.os()) && has.architecture().equals(wanted.architecture());
    }
}
