package dev.drydock.images;

import dev.drydock.metadata.Times;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of images as one text out of the database: to fetch ten thousand rows column by column takes longer than all the
 * rest of {@code images}.
 *
 * <pre>
 * image: id US created US stored US size US content size US names, RS between images
 * name:  domain SP path SP tag SP digest, LF between names; in none of them can one of these characters be
 * </pre>
 */
final class ListedImages {
    private static final char BETWEEN_FIELDS = 31;
    private static final char BETWEEN_IMAGES = 30;

    static final String QUERY =
            "SELECT coalesce(group_concat(line, char(30)), '') FROM (SELECT id || char(31) || coalesce(created, '')"
                    + " || char(31) || stored || char(31) || size || char(31) || content_size || char(31) || coalesce((SELECT"
                    + " group_concat(domain || ' ' || path || ' ' || tag || ' ' || digest, char(10)) FROM names"
                    + " WHERE names.image = images.id), '') AS line FROM images WHERE listed = 1"
                    + " ORDER BY created DESC, stored DESC, id)";

    private final String text;
    private int at;

    private ListedImages(String text) {
        this.text = text;
    }

    /** What {@link #QUERY} gave. */
    static List<ListedImage> read(String text) {
        ListedImages reader = new ListedImages(text);
        List<ListedImage> images = new ArrayList<>();
        while (reader.at < text.length()) {
            images.add(reader.image());
        }
        return images;
    }

    private ListedImage image() {
        Digest id = Digest.parse(field());
        String created = field();
        long stored = Long.parseLong(field());
        long size = Long.parseLong(field());
        long contentSize = Long.parseLong(field());
        int found = text.indexOf(BETWEEN_IMAGES, at);
        int end = found < 0 ? text.length() : found;
        List<ImageRef> tags = new ArrayList<>(1);
        List<ImageRef> digests = new ArrayList<>(0);
        while (at < end) {
            ImageRef name = name(end);
            (name.digest() == null ? tags : digests).add(name);
        }
        at = end + 1;
        return new ListedImage(
                id,
                tags,
                digests,
                created.isEmpty() ? null : Times.instant(Long.parseLong(created)),
                Times.instant(stored),
                size,
                contentSize);
    }

    private String field() {
        int end = text.indexOf(BETWEEN_FIELDS, at);
        String field = text.substring(at, end);
        at = end + 1;
        return field;
    }

    private ImageRef name(int endOfAll) {
        int found = text.indexOf('\n', at, endOfAll);
        int end = found < 0 ? endOfAll : found;
        int path = text.indexOf(' ', at) + 1;
        int tag = text.indexOf(' ', path) + 1;
        int digest = text.indexOf(' ', tag) + 1;
        ImageRef name = new ImageRef(
                text.substring(at, path - 1),
                text.substring(path, tag - 1),
                tag == digest - 1 ? null : text.substring(tag, digest - 1),
                digest == end ? null : Digest.parse(text.substring(digest, end)));
        at = end + 1;
        return name;
    }
}
