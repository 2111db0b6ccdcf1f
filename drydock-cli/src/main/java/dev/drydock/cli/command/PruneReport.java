package dev.drydock.cli.command;

import dev.drydock.engine.CacheEntry;
import dev.drydock.engine.PruneResult;
import dev.drydock.oci.ImageRef;
import java.time.Instant;

/** What {@code prune} says, in the layouts of Docker's two clients. */
final class PruneReport {
    private static final int ID_WIDTH = 40;
    private static final int SIZE_WIDTH = 10;

    private PruneReport() {}

    /** Of images, and perhaps the cache. */
    static String of(PruneResult result, boolean dryRun, boolean verbose, Instant now) {
        StringBuilder text = new StringBuilder();
        if (!result.images().isEmpty()) {
            text.append(dryRun ? "Images to delete:\n" : "Deleted Images:\n");
            for (PruneResult.PrunedImage image : result.images()) {
                for (ImageRef name : image.names()) {
                    text.append("untagged: ").append(name.familiar()).append('\n');
                }
                text.append("deleted: ").append(image.id()).append('\n');
            }
            text.append('\n');
        }
        if (!result.cache().isEmpty()) {
            text.append(dryRun ? "Build cache objects to delete:\n" : "Deleted build cache objects:\n");
            for (CacheEntry entry : result.cache()) {
                text.append(verbose ? CacheText.block(entry, now) : entry.id() + "\n");
            }
            text.append('\n');
        }
        return text.append(dryRun ? "Total reclaimable space: " : "Total reclaimed space: ")
                .append(HumanUnits.exactSize(result.bytes()))
                .append('\n')
                .toString();
    }

    /** Of the cache alone. */
    static String ofCache(PruneResult result, boolean verbose, Instant now) {
        StringBuilder text = new StringBuilder();
        if (!result.cache().isEmpty() && !verbose) {
            text.append("ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED\n");
        }
        for (CacheEntry entry : result.cache()) {
            if (verbose) {
                text.append(CacheText.block(entry, now));
                continue;
            }
            padded(text, entry.id() + (entry.mutable() ? "*" : ""), ID_WIDTH).append('\t');
            padded(text, Boolean.toString(!entry.inUse()), 5).append('\t');
            padded(text, HumanUnits.exactSize(entry.size()) + (entry.shared() ? "*" : ""), SIZE_WIDTH)
                    .append('\t');
            text.append(HumanUnits.since(entry.lastUsed(), now)).append('\n');
        }
        return text.append("Total:\t")
                .append(HumanUnits.exactSize(result.bytes()))
                .append('\n')
                .toString();
    }

    private static StringBuilder padded(StringBuilder out, String text, int width) {
        return out.append(text).repeat(' ', Math.max(0, width - text.length()));
    }
}
