package dev.drydock.registry;

import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tags of a repository, page by page. */
final class TagList {
    private static final int LONGEST = 16 << 20;

    private final ImageRef name;
    private final Faults faults;
    private final List<String> tags = new ArrayList<>();

    TagList(ImageRef name, Faults faults) {
        this.name = name;
        this.faults = faults;
    }

    List<String> tags() {
        return List.copyOf(tags);
    }

    /** Adds the tags of one page; returns where the next one is. */
    @Nullable
    String add(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw answer.status() == 404
                    ? new RemoteFault("repository " + name.familiarRepository() + " not found")
                    : faults.unexpected(answer);
        }
        if (JsonValue.parse(answer.bytes(LONGEST)) instanceof JsonValue.Obj root
                && root.get("tags") instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Text(String tag)) {
                    tags.add(tag);
                }
            }
        }
        return next(answer);
    }

    private static @Nullable String next(Answer answer) throws IOException {
        String link = answer.header("Link");
        int end = link == null || !link.startsWith("<") || !link.contains("next") ? -1 : link.indexOf('>');
        return link == null || end < 0
                ? null
                : Endpoint.resolve(answer.address(), link.substring(1, end)).toString();
    }
}
