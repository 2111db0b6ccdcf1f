package dev.drydock.source;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The manifests of content digests, kept so that a later miss can name the files that changed. Only the newest are kept.
 * They are a help: one that is lost or damaged is as if it never was.
 */
public final class ContentManifests {
    private static final int KEPT = 200;

    private final KeptFiles files;
    private final Map<Digest, ContextTree> contexts = new ConcurrentHashMap<>();

    /** Takes the directory to keep them in; it need not exist. */
    public ContentManifests(Path directory) {
        this.files = new KeptFiles(directory, KEPT);
    }

    /** Keeps the manifest of a content digest. */
    public void save(Digest content, ContentManifest manifest) {
        if (!files.has(content.hex())) {
            files.write(content.hex(), manifest.write());
        }
    }

    /** Remembers, as long as this lives, the directory whose content a digest names: it knows what it hides. */
    public void comesFrom(Digest content, ContextTree context) {
        contexts.putIfAbsent(content, context);
    }

    private Optional<ContentManifest> read(Digest content) {
        try {
            return files.read(content.hex()).map(ContentManifest::read);
        } catch (CorruptData e) {
            files.lost("read", content.hex(), e);
            return Optional.empty();
        }
    }

    /**
     * What is different between the contents that two digests name, one sentence each; empty if either is not known any
     * more. See {@link ContentChanges#between}.
     */
    public List<String> changes(Digest earlier, Digest now) {
        Optional<ContentManifest> before = read(earlier);
        Optional<ContentManifest> after = read(now);
        ContextTree context = contexts.get(now);
        return before.isEmpty() || after.isEmpty()
                ? List.of()
                : ContentChanges.between(
                        before.get(),
                        after.get(),
                        path -> context == null ? Optional.empty() : context.hiddenBy("/" + path));
    }
}
