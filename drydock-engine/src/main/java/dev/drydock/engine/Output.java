package dev.drydock.engine;

import dev.drydock.oci.ImageRef;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Something that a build makes of its result. A build may have several; each is made after the last step, in order. */
public sealed interface Output {
    /**
     * An image, in the store, at registries, or both.
     *
     * @param names with their tags; what the request's tags are unless they are empty
     * @param dangling a repository under which the image gets a name by digest; null for none
     */
    record Image(
            ImageForm form,
            List<ImageRef> names,
            Set<ImageOption> options,
            @Nullable ImageRef dangling) implements Output {
        public Image {
            names = List.copyOf(names);
            options = Collections.unmodifiableSet(new TreeSet<>(options));
        }

        boolean has(ImageOption option) {
            return options.contains(option);
        }
    }

    /** What is done with an image. */
    enum ImageOption {
        /** The store has it; without this it leaves nothing there but the cache. */
        STORE,
        /** It goes to the registries of its names. */
        PUSH,
        /** It goes there without a tag. */
        PUSH_BY_DIGEST,
        /** Its registries may be spoken to without TLS. */
        INSECURE,
        /** Each name is also one by digest. */
        NAME_CANONICAL,
        /** The dangling name is for an image without others. */
        DANGLING_EMPTY_ONLY
    }

    /** An archive with the image: one that Docker loads, or an OCI layout. */
    record Archive(ArchiveKind kind, ImageForm form, List<ImageRef> names, Destination to) implements Output {
        public Archive {
            names = List.copyOf(names);
        }
    }

    /** Which programs read an archive. */
    enum ArchiveKind {
        /** Readers of OCI layouts. */
        OCI,
        /** These, and {@code docker load} of any age. */
        DOCKER
    }

    /** An OCI layout in a directory, which is made, or to which the image is added. */
    record Layout(ImageForm form, List<ImageRef> names, Path directory) implements Output {
        public Layout {
            names = List.copyOf(names);
        }
    }

    /**
     * The result's files in a directory, which is made if it is missing. They belong to whoever builds. A file there is
     * replaced, a directory merged; no symbolic link there is followed.
     *
     * @param foreign what becomes of files that the result does not have
     * @param split whether they go into a directory named after the platform
     * @param epoch the time that everything gets, instead of what the build was told; null for that
     */
    record Files(
            Path directory,
            Foreign foreign,
            boolean split,
            @Nullable Instant epoch) implements Output {}

    /** What becomes of files that were in a directory before. */
    enum Foreign {
        KEEP,
        DELETE
    }

    /**
     * The result's files in a tar archive, with their owners.
     *
     * @param epoch as for {@link Files}
     */
    record Tar(Destination to, @Nullable Instant epoch) implements Output {}

    /** Nothing: the result stays in the cache. */
    record CacheOnly() implements Output {}

    /** The image of the request's tags in the store. */
    static Output store() {
        return new Image(ImageForm.USUAL, List.of(), Set.of(ImageOption.STORE), null);
    }

    /** The image of the request's tags in the store and at the tags' registries. */
    static Output registry() {
        return new Image(ImageForm.USUAL, List.of(), Set.of(ImageOption.STORE, ImageOption.PUSH), null);
    }
}
