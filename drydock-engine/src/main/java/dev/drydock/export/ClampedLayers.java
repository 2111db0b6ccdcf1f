package dev.drydock.export;

import dev.drydock.fault.Bug;
import dev.drydock.images.ImageStore;
import dev.drydock.layer.LayerBuilder;
import dev.drydock.layer.LayerUnpacker;
import dev.drydock.layer.TarWriter;
import dev.drydock.layer.UnpackRules;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Scope;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the store a build's result in which nothing is younger than a time: layers that differ for it are made anew, out of their
 * own tar streams. The build cache keeps the first ones.
 */
public final class ClampedLayers {
    private static final int PIPE = 1 << 18;

    private final ImageStore images;
    private final Claims claims;
    private final LayerStore layers;

    public ClampedLayers(ImageStore images, Claims claims, LayerStore layers) {
        this.images = images;
        this.claims = claims;
        this.layers = layers;
    }

    /**
     * The result with the times cut off. What an earlier build made of the same layers is taken again. Blocks on the disk; nothing
     * is synced.
     *
     * @param base how many of the layers are a base image's, which stay as they are
     * @param latestNs in nanoseconds since the epoch
     */
    public Snapshot of(Snapshot result, int base, long latestNs) throws InterruptedException {
        List<Digest> diffIds = new ArrayList<>();
        for (int i = 0; i < result.layers().size(); i++) {
            Layer layer = result.layers().get(i);
            diffIds.add(
                    i < base
                            ? layer.diffId()
                            : TarWriter.clamped(layer, latestNs, OutputStream.nullOutputStream())
                                    .diffId());
        }
        List<Layer> known = images.longestKnown(claims, diffIds);
        List<Layer> chain = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Layer layer = result.layers().get(i);
            if (layer.diffId().equals(diffIds.get(i))) {
                chain.add(layer);
            } else {
                chain.add(i < known.size() ? known.get(i) : made(layer, diffIds.get(i), latestNs, new Snapshot(chain)));
            }
        }
        return new Snapshot(chain);
    }

    private Layer made(Layer layer, Digest diffId, long latestNs, Snapshot below) throws InterruptedException {
        try (Scope scope = Scope.ofPlatformThreads("clamp");
                PendingLayer pending = layers.begin(claims.tmp());
                PipedInputStream in = new PipedInputStream(PIPE);
                PipedOutputStream out = new PipedOutputStream(in)) {
            scope.fork(() -> {
                try (out) {
                    return TarWriter.clamped(layer, latestNs, out);
                } catch (IOException e) {
                    throw Disk.fault("clamp the times of layer " + layer.id(), e);
                }
            });
            LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
            LayerUnpacker.Unpacked stream = LayerUnpacker.unpack(
                    "layer " + layer.id(), in, pending, Snapshot.EMPTY, builder, UnpackRules.layer());
            scope.join();
            if (!stream.digest().equals(diffId)) {
                throw new Bug("clamp the times of layer " + layer.id() + ": its stream was another one before");
            }
            return builder.commitAs(stream, below, layer.created());
        } catch (IOException e) {
            throw Disk.fault("clamp the times of layer " + layer.id(), e);
        }
    }
}
