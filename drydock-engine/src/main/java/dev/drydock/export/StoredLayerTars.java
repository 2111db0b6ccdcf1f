package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.fault.CorruptData;
import dev.drydock.images.ImageStore;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.TarWriter;
import dev.drydock.oci.Descriptor;
import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Tar streams of layers: out of the bytes they came in, or made again from the files of those that were made here. */
public final class StoredLayerTars implements LayerTars {
    private final ContentStore content;
    private final ImageStore images;

    public StoredLayerTars(ContentStore content, ImageStore images) {
        this.content = content;
        this.images = images;
    }

    @Override
    public void write(Layer layer, OutputStream out) throws IOException, InterruptedException {
        Optional<Descriptor> kept = kept(layer);
        if (kept.isEmpty()) {
            TarWriter.write(layer, out);
            return;
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = content.read(kept.get().digest());
                InputStream plain = plain(in, kept.get())) {
            while (true) {
                int count = read(plain, buffer, kept.get());
                if (count < 0) {
                    return;
                }
                out.write(buffer, 0, count);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    private static InputStream plain(InputStream in, Descriptor blob) {
        try {
            return ArchiveStream.open(in);
        } catch (IOException e) {
            throw damaged(blob, e);
        }
    }

    private static int read(InputStream in, byte[] buffer, Descriptor blob) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw damaged(blob, e);
        }
    }

    private static CorruptData damaged(Descriptor blob, IOException e) {
        return new CorruptData("read blob " + blob.digest() + ": " + e.getMessage(), e)
                .hint("Remove the image and pull it again.");
    }

    @Override
    public Optional<Descriptor> kept(Layer layer) {
        return images.blobs(layer).stream()
                .filter(blob -> content.size(blob.digest()).isPresent())
                .findFirst();
    }
}
