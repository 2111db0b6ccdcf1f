package dev.drydock.engine;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.source.OciLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Images of directories that contexts name, by the references that a build calls them by. */
final class NamedLayouts {
    private final Map<ImageRef, InLayout> layouts = new ConcurrentHashMap<>();

    /** An image of a layout, and where in it. */
    record InLayout(OciLayout layout, Descriptor source) {}

    /**
     * The reference by which this build calls an image of a directory.
     *
     * @throws dev.drydock.fault.UserFault if the directory does not have it
     */
    ImageRef add(String context, NamedSource.Layout wanted) {
        OciLayout layout = new OciLayout(wanted.directory());
        Descriptor source = layout.find(wanted.tag(), wanted.digest());
        ImageRef name = ImageRef.parse("oci-layout.local/"
                + context.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + "@" + source.digest());
        layouts.put(name, new InLayout(layout, source));
        return name;
    }

    Optional<InLayout> find(ImageRef name) {
        return Optional.ofNullable(layouts.get(name));
    }
}
