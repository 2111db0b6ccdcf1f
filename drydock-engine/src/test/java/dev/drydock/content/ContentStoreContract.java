package dev.drydock.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every content store keeps to. */
abstract class ContentStoreContract {
    static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    static final Digest DIGEST = Digest.of(HELLO);

    @TempDir
    Path root;

    Database database;
    Lease lease;
    Claims claims;
    ContentStore content;

    abstract ContentStore create(Path root);

    @BeforeEach
    void open() {
        database = Database.open(root);
        lease = Lease.open(root);
        claims = Claims.open(database, lease);
        content = create(root);
    }

    @AfterEach
    void close() {
        lease.close();
        database.close();
    }

    private void put(byte[] bytes) throws IOException {
        try (BlobWriter writer = content.ingest(claims, Digest.of(bytes), bytes.length)) {
            writer.stream().write(bytes);
            writer.commit();
        }
    }

    private byte[] get(Digest digest) throws IOException {
        try (InputStream in = content.read(digest)) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatIsCommittedCanBeRead() throws IOException {
        put(HELLO);
        assertThat(get(DIGEST)).isEqualTo(HELLO);
        assertThat(content.size(DIGEST)).hasValue(5);
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        put(new byte[0]);
        assertThat(get(Digest.of(new byte[0]))).isEmpty();
    }

    @Test
    void aLongerDigestIsCheckedWithItsOwnAlgorithm() throws IOException {
        Digest sha512 = Digest.parse(
                "sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043");
        try (BlobWriter writer = content.ingest(claims, sha512, 5)) {
            writer.stream().write(HELLO);
            writer.commit();
        }
        assertThat(get(sha512)).isEqualTo(HELLO);
    }

    @Test
    void closeWithoutCommitDiscards() throws IOException {
        try (BlobWriter writer = content.ingest(claims, DIGEST, 5)) {
            writer.stream().write(HELLO);
        }
        assertThat(content.size(DIGEST)).isEmpty();
    }

    @Test
    void commitRefusesBytesWithAnotherDigest() throws IOException {
        try (BlobWriter writer = content.ingest(claims, DIGEST, 5)) {
            writer.stream().write("hellO".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(CorruptData.class)
                    .hasMessageStartingWith("write blob " + DIGEST + ": its content has the digest sha256:");
        }
        assertThat(content.size(DIGEST)).isEmpty();
    }

    @Test
    void commitRefusesAShortBlobAndAWriteALongOne() throws IOException {
        try (BlobWriter writer = content.ingest(claims, DIGEST, 5)) {
            writer.stream().write(HELLO, 0, 4);
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(CorruptData.class)
                    .hasMessage("write blob " + DIGEST + ": got 4 bytes instead of 5");
        }
        try (BlobWriter writer = content.ingest(claims, DIGEST, 4)) {
            assertThatThrownBy(() -> writer.stream().write(HELLO)).isInstanceOf(CorruptData.class);
        }
        assertThat(content.size(DIGEST)).isEmpty();
    }

    @Test
    void theSameBlobTwiceIsFine() throws IOException {
        try (BlobWriter first = content.ingest(claims, DIGEST, 5);
                BlobWriter second = content.ingest(claims, DIGEST, 5)) {
            first.stream().write(HELLO);
            second.stream().write(HELLO);
            first.commit();
            second.commit();
        }
        assertThat(get(DIGEST)).isEqualTo(HELLO);
    }

    @Test
    void whoReadsADeletedBlobReadsOn() throws IOException {
        put(HELLO);
        try (InputStream in = content.read(DIGEST)) {
            assertThat(content.delete(DIGEST)).isTrue();
            assertThat(in.readAllBytes()).isEqualTo(HELLO);
        }
        assertThat(content.delete(DIGEST)).isFalse();
        assertThat(content.size(DIGEST)).isEmpty();
    }

    @Test
    void aMissingBlobIsCorruptData() {
        assertThatThrownBy(() -> content.read(DIGEST))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read blob " + DIGEST + ": it is missing from the store");
    }

    @Test
    void aClosedWriterIsOfNoUse() throws IOException {
        BlobWriter writer = content.ingest(claims, DIGEST, 5);
        writer.close();
        writer.close();
        assertThatThrownBy(writer::commit).isInstanceOf(Bug.class);
    }

    @Test
    void anInterruptDoesNotTearACommit() throws IOException {
        Thread.currentThread().interrupt();
        try {
            put(HELLO);
        } finally {
            assertThat(Thread.interrupted())
                    .as("the interrupt is still pending")
                    .isTrue();
        }
        assertThat(get(DIGEST)).isEqualTo(HELLO);
    }
}
