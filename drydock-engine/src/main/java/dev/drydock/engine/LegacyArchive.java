package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.JsonValue.Obj;
import dev.drydock.oci.JsonValue.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Archives of Docker before 1.10: {@code repositories} names images by random IDs, each a directory with a document, a layer
 * and the ID of the image below it. Their configurations are made as Docker made them when it moved to digests: of the
 * uppermost document, with the layers' digests and a history of all documents.
 */
final class LegacyArchive {
    /** More than Docker ever stacked. */
    private static final int MOST_LAYERS = 1000;

    /** What only that age knew. */
    private static final Set<String> GONE = Set.of("id", "parent", "Size", "parent_id", "layer_id", "throwaway");

    private final ArchiveContent content;

    private LegacyArchive(ArchiveContent content) {
        this.content = content;
    }

    /** The images that have names. */
    static List<FoundImage> images(ArchiveContent content) {
        if (!(JsonValue.parse(content.needed("repositories")) instanceof Obj repositories)) {
            throw malformed("repositories is no object");
        }
        LegacyArchive archive = new LegacyArchive(content);
        Map<String, FoundImage> byId = new LinkedHashMap<>();
        repositories.members().forEach((name, tags) -> {
            if (tags instanceof Obj ids) {
                ids.members().forEach((tag, id) -> {
                    if (id instanceof Text(String top)) {
                        FoundImage image = byId.computeIfAbsent(top, archive::image);
                        image.names().add(ImageRef.parse(name + ":" + tag));
                    }
                });
            }
        });
        return List.copyOf(byId.values());
    }

    private static UserFault malformed(String why) {
        return new UserFault("read image archive: " + why).hint("The archive is not whole: save it again.");
    }

    private FoundImage image(String top) {
        List<Obj> documents = new ArrayList<>();
        List<Descriptor> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String id = top;
        while (id != null) {
            if (!seen.add(id) || seen.size() > MOST_LAYERS) {
                throw malformed("the image " + id + " lies on itself, or on too many others");
            }
            if (!(JsonValue.parse(content.needed(id + "/json")) instanceof Obj document)) {
                throw malformed(id + "/json is no object");
            }
            documents.addFirst(document);
            layers.addFirst(content.layer(id + "/layer.tar"));
            id = text(document, "parent");
        }
        JsonValue.Members config = JsonValue.object();
        documents.getLast().members().forEach((name, value) -> {
            if (!GONE.contains(name)) {
                config.put(name, value);
            }
        });
        JsonValue rootfs = JsonValue.object()
                .put("type", "layers")
                .put(
                        "diff_ids",
                        JsonValue.strings(layers.stream()
                                .map(each -> each.digest().toString())
                                .toList()))
                .build();
        config.put("rootfs", rootfs);
        config.put(
                "history",
                JsonValue.array(documents.stream().map(LegacyArchive::history).toList()));
        return FoundImage.of(config.build().bytes(), layers);
    }

    private static Obj history(Obj document) {
        JsonValue.Members entry = JsonValue.object();
        JsonValue created = document.get("created");
        if (created != null) {
            entry.put("created", created);
        }
        entry.putUnlessEmpty("author", text(document, "author"));
        if (document.get("container_config") instanceof Obj container
                && container.get("Cmd") instanceof JsonValue.Arr(List<JsonValue> words)) {
            List<String> texts = new ArrayList<>();
            for (JsonValue word : words) {
                if (word instanceof Text(String text)) {
                    texts.add(text);
                }
            }
            entry.putUnlessEmpty("created_by", String.join(" ", texts));
        }
        return entry.putUnlessEmpty("comment", text(document, "comment")).build();
    }

    private static @Nullable String text(Obj document, String name) {
        return document.get(name) instanceof Text(String text) && !text.isEmpty() ? text : null;
    }
}
