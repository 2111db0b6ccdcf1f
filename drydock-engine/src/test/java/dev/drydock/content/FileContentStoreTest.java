package dev.drydock.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.child.ChildJvm;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileContentStoreTest extends ContentStoreContract {
    @Override
    ContentStore create(Path root) {
        return new FileContentStore(root);
    }

    @Test
    void nothingUnfinishedIsLeft() throws IOException {
        try (BlobWriter writer = content.ingest(claims, DIGEST, 5)) {
            writer.stream().write(HELLO);
            assertThat(Disk.entries(lease.tmp())).hasSize(1);
        }
        assertThat(Disk.entries(lease.tmp())).isEmpty();
    }

    /** Ingests blobs of growing size for ever; prints each digest once it is committed. */
    static final class Ingester {
        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            Claims claims = Claims.open(Database.open(root), Lease.open(root));
            ContentStore content = new FileContentStore(root);
            Random random = new Random(Long.parseLong(arguments[1]));
            while (true) {
                byte[] bytes = new byte[1 + random.nextInt(300_000)];
                random.nextBytes(bytes);
                try (BlobWriter writer = content.ingest(claims, Digest.of(bytes), bytes.length)) {
                    writer.stream().write(bytes);
                    writer.commit();
                }
                System.out.println(Digest.of(bytes));
            }
        }
    }

    @Test
    void aKilledProcessLeavesWholeBlobsOnly() throws Exception {
        for (int round = 0; round < 5; round++) {
            Digest last = DIGEST;
            try (ChildJvm child = ChildJvm.start(Ingester.class, root, round)) {
                for (int i = 0; i < 5 + 7 * round; i++) {
                    last = Digest.parse(child.readLine());
                }
            }
            assertThat(content.size(last)).isPresent();
            for (Path blob : Disk.entries(root.resolve("blobs/sha256"))) {
                try (InputStream in = Files.newInputStream(blob)) {
                    assertThat(Digest.of(in.readAllBytes()).hex())
                            .isEqualTo(blob.getFileName().toString());
                }
            }
        }
        Lease.sweep(root, id -> {});
        assertThat(Disk.entries(root.resolve("tmp"))).containsExactly(lease.tmp());
    }
}
