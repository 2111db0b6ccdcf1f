package dev.drydock.cli.command;

import dev.drydock.cli.template.Template;
import dev.drydock.cli.template.TemplateError;
import dev.drydock.engine.CacheEntry;
import dev.drydock.engine.DiskUsage;
import dev.drydock.engine.DiskUsage.ImageUsage;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.time.Instant;
import java.util.List;

/**
 * What {@code df -v} shows as one document, for {@code --format}: Docker's fields under {@code .Images} and {@code .BuildCache};
 * {@code .Containers} and {@code .Volumes} are empty here.
 */
final class DfDocument {
    private static final String TYPE = "*formatter.diskUsageContext";
    private static final String NONE = "<none>";

    private DfDocument() {}

    static String render(String format, DiskUsage usage, Instant now) {
        JsonValue.Obj document = JsonValue.object()
                .put(
                        "Images",
                        JsonValue.array(usage.images().stream()
                                .map(image -> image(image, now))
                                .toList()))
                .put("Containers", JsonValue.array(List.of()))
                .put("Volumes", JsonValue.array(List.of()))
                .put(
                        "BuildCache",
                        JsonValue.array(usage.cache().stream()
                                .map(entry -> entry(entry, now))
                                .toList()))
                .build();
        if (format.equals("json")) {
            return document.compact() + "\n";
        }
        try {
            String text = format.replace("\\t", "\t").replace("\\n", "\n");
            return Template.parse(text).fill(document, TYPE) + "\n";
        } catch (TemplateError e) {
            throw new CommandFailed("template parsing error: " + e.getMessage());
        }
    }

    /** One for each image, under the first of its names. */
    private static JsonValue image(ImageUsage usage, Instant now) {
        List<ImageRef> tags = usage.image().names();
        Instant created = usage.image().config().created();
        return JsonValue.object()
                .put("Containers", "0")
                .put("CreatedAt", HumanUnits.date(created))
                .put("CreatedSince", HumanUnits.since(created, now))
                .put("Digest", NONE)
                .put("ID", usage.image().id().toString())
                .put("Repository", tags.isEmpty() ? NONE : tags.getFirst().familiarRepository())
                .put("SharedSize", HumanUnits.exactSize(usage.shared()))
                .put("Size", HumanUnits.exactSize(usage.size()))
                .put("Tag", tags.isEmpty() ? NONE : tags.getFirst().tagIfAny().orElse(NONE))
                .put("UniqueSize", HumanUnits.exactSize(usage.size() - usage.shared()))
                .build();
    }

    private static JsonValue entry(CacheEntry entry, Instant now) {
        return JsonValue.object()
                .put("CacheType", entry.type())
                .put("CreatedAt", HumanUnits.date(entry.created()))
                .put("CreatedSince", HumanUnits.since(entry.created(), now))
                .put("Description", entry.description())
                .put("ID", entry.id())
                .put("InUse", Boolean.toString(entry.inUse()))
                .put("LastUsedAt", HumanUnits.date(entry.lastUsed()))
                .put("LastUsedSince", HumanUnits.since(entry.lastUsed(), now))
                .put("Parent", String.join(",", entry.parents()))
                .put("Shared", Boolean.toString(entry.shared()))
                .put("Size", HumanUnits.exactSize(entry.size()))
                .put("UsageCount", Long.toString(entry.uses()))
                .build();
    }
}
