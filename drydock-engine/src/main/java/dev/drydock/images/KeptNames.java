package dev.drydock.images;

import dev.drydock.metadata.Database;
import dev.drydock.metadata.Times;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.snapshot.LayerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the {@link NamesCopy} of a store says. Lines that are damaged are passed over, and a missing copy says nothing. */
public final class KeptNames {
    private final Map<Digest, Kept> images = new LinkedHashMap<>();
    /** The image that names belong to, null below one that cannot be read: they are nobody else's. */
    private @Nullable Digest last;

    /**
     * An image as the copy has it.
     *
     * @param names tags and digests
     */
    public record Kept(Digest id, Digest manifest, Instant stored, List<LayerId> layers, List<ImageRef> names) {
        public Kept {
            layers = List.copyOf(layers);
            names = List.copyOf(names);
        }

        private Kept with(ImageRef name) {
            List<ImageRef> more = new ArrayList<>(names);
            more.add(name);
            return new Kept(id, manifest, stored, layers, more);
        }
    }

    private KeptNames() {}

    /** The images of the store under {@code root}, each once. */
    public static List<Kept> read(Path root) {
        List<String> lines;
        try {
            // Not as UTF-8: a damaged line must not spoil the others. What is in it is ASCII.
            lines = Files.readAllLines(root.resolve(Database.NAMES), StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            return List.of();
        }
        KeptNames names = new KeptNames();
        for (String line : lines.subList(0, whole(lines))) {
            names.take(line.split(" ", -1));
        }
        return List.copyOf(names.images.values());
    }

    /** How many lines count: an addition at the end that was not finished does not. */
    private static int whole(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            if (line.startsWith(NamesCopy.DONE + " ")) {
                return lines.size(); // if something damaged follows, it is the end of this line
            }
            if (line.startsWith(NamesCopy.THEN + " ")) {
                return i;
            }
        }
        return lines.size();
    }

    private void take(String[] words) {
        switch (words[0]) {
            case "name" -> {
                Kept image = last == null ? null : images.get(last);
                if (image != null) {
                    name(words).ifPresent(name -> images.put(image.id(), image.with(name)));
                }
            }
            case NamesCopy.GONE -> {
                last = null;
                if (words.length == 2) {
                    digest(words[1]).ifPresent(images::remove);
                }
            }
            default -> {
                Optional<Kept> image = image(words);
                last = image.map(Kept::id).orElse(null);
                image.ifPresent(each -> images.put(each.id(), each));
            }
        }
    }

    private static Optional<Digest> digest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static Optional<Kept> image(String[] words) {
        if (!words[0].equals("image") || words.length != 5) {
            return Optional.empty();
        }
        try {
            List<LayerId> layers = new ArrayList<>();
            if (!words[4].equals("-")) {
                for (String layer : words[4].split(",", -1)) {
                    layers.add(new LayerId(layer));
                }
            }
            return Optional.of(new Kept(
                    Digest.parse(words[1]),
                    Digest.parse(words[2]),
                    Times.instant(Long.parseLong(words[3])),
                    layers,
                    List.of()));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static Optional<ImageRef> name(String[] words) {
        if (words.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ImageRef(
                    words[1],
                    words[2],
                    words[3].equals("-") ? null : words[3],
                    words[4].equals("-") ? null : Digest.parse(words[4])));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }
}
