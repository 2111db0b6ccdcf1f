package dev.drydock.images;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.List;

/** Docker's rules on which names go with a removal. */
final class Untagging {
    private Untagging() {}

    /**
     * The names that go.
     *
     * @param names all of the image's, sorted
     * @throws UserFault if the image was named by its ID and its names do not allow that
     */
    static List<ImageRef> of(Resolution meant, List<ImageRef> names, ImageStore.Force force) {
        if (meant.name() == null) {
            if (force == ImageStore.Force.NO && !isSingleReference(names)) {
                throw new UserFault("conflict: unable to delete " + meant.id().shortHex()
                                + " (must be forced) - image is referenced in multiple repositories")
                        .hint("Remove its names one by one, or all of them with --force.");
            }
            return names;
        }
        List<ImageRef> going = new ArrayList<>(meant.meant(names));
        if (going.stream().anyMatch(name -> name.tag() != null)) {
            addDigestsWithoutTag(names, going);
        }
        return going;
    }

    /** With the last tag of a repository its digest names go too. */
    private static void addDigestsWithoutTag(List<ImageRef> names, List<ImageRef> going) {
        String repository = going.getFirst().repository();
        List<ImageRef> left = names.stream()
                .filter(name -> !going.contains(name) && name.repository().equals(repository))
                .toList();
        if (left.stream().allMatch(name -> name.tag() == null)) {
            going.addAll(left);
        }
    }

    /** At most one tag, and everything in one repository: two tags of one repository already need force. */
    private static boolean isSingleReference(List<ImageRef> names) {
        int tags = 0;
        for (ImageRef name : names) {
            if (name.tag() != null) {
                tags++;
            }
            if (!name.repository().equals(names.getFirst().repository())) {
                return false;
            }
        }
        return tags <= 1;
    }
}
