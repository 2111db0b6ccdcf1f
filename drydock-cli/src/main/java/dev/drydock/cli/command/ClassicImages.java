package dev.drydock.cli.command;

import dev.drydock.cli.command.ImageFilters.Shown;
import dev.drydock.engine.ImageListing;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The classic table of images. Ten thousand rows of it take a tenth of a second, so each row is one line at once. */
final class ClassicImages {
    private static final String NONE = "<none>";
    private static final int GAP = 3;
    private static final int NARROWEST = 10;
    private static final String[] HEADERS = {"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"};

    private ClassicImages() {}

    static String table(List<Shown> images, boolean full, Instant now) {
        List<String[]> rows = new ArrayList<>(images.size() + 1);
        rows.add(HEADERS);
        for (Shown shown : images) {
            ImageListing image = shown.image();
            String id = full ? image.id().toString() : image.id().shortHex();
            String created = HumanUnits.since(image.created(), now);
            String size = HumanUnits.size(image.size());
            for (ImageRef name : shown.names()) {
                String tag = name.tag();
                rows.add(new String[] {name.familiarRepository(), tag == null ? NONE : tag, id, created, size});
            }
            if (shown.names().isEmpty()) {
                rows.add(new String[] {NONE, NONE, id, created, size});
            }
        }
        int[] widths = new int[HEADERS.length - 1];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.max(NARROWEST, row[i].length() + GAP));
            }
        }
        StringBuilder out = new StringBuilder(rows.size() * 100);
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                out.append(row[i]).repeat(' ', widths[i] - row[i].length());
            }
            out.append(row[widths.length]).append('\n');
        }
        return out.toString();
    }
}
