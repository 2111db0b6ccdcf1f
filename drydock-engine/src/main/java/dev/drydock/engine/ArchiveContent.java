package dev.drydock.engine;

import dev.drydock.content.BlobWriter;
import dev.drydock.content.ContentStore;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.layer.ArchiveMembers;
import dev.drydock.layer.ArchiveMembers.Member;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.Compressor;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.MediaTypes;
import dev.drydock.scope.Disk;
import dev.drydock.source.LayerIntake;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an image archive holds, read once from its start to its end: documents in memory, blobs with a digest for a name in
 * the content store, other files below the lease's directory. Names are keys only; no file of the archive is written under
 * a name that it chose.
 */
final class ArchiveContent implements LayerIntake.Blobs, AutoCloseable {
    private static final Pattern BLOB = Pattern.compile("blobs/([a-z0-9]+)/([0-9a-f]+)");
    private static final int LONGEST_DOCUMENT = 16 << 20;
    private static final int MOST_LINKS = 16;
    private static final int BLOCK = 512;

    /** More than any archive of images has; what lies in memory grows with both. */
    private static final int MOST_MEMBERS = 200_000;

    private static final long MOST_DOCUMENT_BYTES = 64 << 20;

    private final ContentStore content;
    private final Claims claims;
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, Descriptor> files = new HashMap<>();
    private final Map<Digest, Path> unpacked = new ConcurrentHashMap<>();
    private final Map<String, String> links = new HashMap<>();
    /** By the digest of a plain layer, what it became. */
    private final Map<Digest, Descriptor> packed = new HashMap<>();

    /** By the digest of a plain layer, its files. */
    private final Map<Digest, LayerIntake.Early> early = new ConcurrentHashMap<>();

    private final LayerIntake intake;
    private final Predicate<String> isKnown;
    private final Compressor compressor;
    private int count;
    private long documentBytes;

    private ArchiveContent(
            ContentStore content, Claims claims, LayerIntake intake, Predicate<String> isKnown, Compressor compressor) {
        this.content = content;
        this.claims = claims;
        this.intake = intake;
        this.isKnown = isKnown;
        this.compressor = compressor;
    }

    /**
     * Reads an archive. The caller closes what is returned.
     *
     * @param intake unpacks plain layers while they are read
     * @param isKnown of the names of files: whether the store seems to have a layer of that name
     * @throws UserFault if it is no tar archive, or ends too early
     */
    static ArchiveContent read(
            InputStream archive, ContentStore content, Claims claims, LayerIntake intake, Predicate<String> isKnown)
            throws InterruptedException {
        ArchiveContent read = null;
        boolean whole = false;
        try (Compressor compressor = new Compressor();
                ArchiveMembers members = ArchiveMembers.open(archive)) {
            read = new ArchiveContent(content, claims, intake, isKnown, compressor);
            for (Member member = members.next(); member != null; member = members.next()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                read.take(member, members);
            }
            whole = true;
            return read;
        } catch (IOException e) {
            throw new UserFault("read image archive: " + e.getMessage(), e)
                    .hint(
                            "It must be what docker save, podman save or drydock save write, whole and of any compression.");
        } finally {
            if (!whole && read != null) {
                read.close();
            }
        }
    }

    private void take(Member member, ArchiveMembers members) throws IOException, InterruptedException {
        if (++count > MOST_MEMBERS) {
            throw new UserFault("read image archive: it has more than " + MOST_MEMBERS + " members");
        }
        String name = clean(member.name(), "");
        switch (member.kind()) {
            case FILE -> {
                Matcher blob = BLOB.matcher(name);
                if (blob.matches()) {
                    keep(name, new Digest(blob.group(1), blob.group(2)), member.size(), members.content());
                } else if (isDocument(name) && member.size() <= LONGEST_DOCUMENT) {
                    documents.put(name, document(member, members.content()));
                } else {
                    unpack(name, members.content());
                }
            }
            case SYMLINK -> links.put(name, clean(member.link(), parent(name)));
            case HARD_LINK -> links.put(name, clean(member.link(), ""));
            case OTHER -> {}
        }
    }

    private static boolean isDocument(String name) {
        return name.endsWith(".json")
                || name.equals("oci-layout")
                || name.equals("repositories")
                || name.equals("json")
                || name.endsWith("/json");
    }

    private byte[] document(Member member, InputStream bytes) throws IOException {
        documentBytes += member.size();
        if (documentBytes > MOST_DOCUMENT_BYTES) {
            throw new UserFault(
                    "read image archive: its documents are longer than " + (MOST_DOCUMENT_BYTES >> 20) + " MiB");
        }
        return bytes.readAllBytes();
    }

    private void keep(String name, Digest digest, long size, InputStream bytes)
            throws IOException, InterruptedException {
        PushbackInputStream in = new PushbackInputStream(bytes, BLOCK);
        if (isPlainTar(in)) {
            Descriptor plain = plainLayer(name, in);
            if (!plain.digest().equals(digest)) {
                throw new CorruptData("read image archive: " + name + " holds " + plain.digest())
                        .hint("The archive is damaged: save it again.");
            }
            files.put(name, plain);
            return;
        }
        files.put(name, new Descriptor("", digest, size));
        claims.blob(digest);
        if (content.size(digest).isPresent()) {
            return;
        }
        try (BlobWriter writer = content.ingest(claims, digest, size)) {
            in.transferTo(writer.stream());
            writer.commit();
        }
    }

    private static boolean isPlainTar(PushbackInputStream in) throws IOException {
        byte[] start = in.readNBytes(BLOCK);
        in.unread(start);
        return ArchiveStream.isPlainTar(start);
    }

    private Descriptor plainLayer(String name, InputStream bytes) throws IOException, InterruptedException {
        Path file = Files.createTempFile(claims.tmp(), "archive-", "");
        PlainLayer layer =
                PlainLayer.read("layer " + name, bytes, file, compressor, isKnown.test(name) ? null : intake);
        Digest digest = layer.stream().digest();
        packed.put(digest, layer.kept());
        hold(layer.kept().digest(), file);
        LayerIntake.Early before = layer.early() == null ? null : early.put(digest, layer.early());
        if (before != null) {
            before.close();
        }
        return new Descriptor("", digest, layer.stream().length());
    }

    /** How the store keeps a layer of the archive. */
    Descriptor kept(Descriptor layer) {
        return packed.getOrDefault(layer.digest(), layer);
    }

    private void unpack(String name, InputStream bytes) throws IOException, InterruptedException {
        PushbackInputStream in = new PushbackInputStream(bytes, BLOCK);
        if (isPlainTar(in)) {
            files.put(name, plainLayer(name, in));
            return;
        }
        Path file = Files.createTempFile(claims.tmp(), "archive-", "");
        DigestOutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), Digest.newSha256());
        long size = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                hashing.write(buffer, 0, count);
                size += count;
            }
        }
        Digest digest = Digest.sha256(hashing.getMessageDigest().digest());
        files.put(name, new Descriptor("", digest, size));
        hold(digest, file);
    }

    private void hold(Digest digest, Path file) throws IOException {
        Path before = unpacked.put(digest, file);
        if (before != null) {
            Files.deleteIfExists(before);
        }
    }

    private static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private static String clean(String name, String base) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (name.startsWith("/") ? name : base + "/" + name).split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private String followed(String name) {
        String at = clean(name, "");
        for (int i = 0; i < MOST_LINKS; i++) {
            String next = links.get(at);
            if (next == null) {
                return at;
            }
            at = next;
        }
        throw new UserFault("read image archive: " + name + " is a link in a circle");
    }

    /** The bytes of a document; null if there is none of the name. */
    byte @Nullable [] document(String name) {
        String at = followed(name);
        byte[] document = documents.get(at);
        Descriptor blob = files.get(at);
        return document != null || blob == null ? document : bytes(blob);
    }

    /** A document that must be there. */
    byte[] needed(String name) {
        byte[] document = document(name);
        if (document == null) {
            throw missing(name);
        }
        return document;
    }

    /** The bytes of a small blob that the archive has, or the store had before. */
    byte[] bytes(Descriptor blob) {
        if (blob.size() > LONGEST_DOCUMENT) {
            throw new UserFault(
                    "read image archive: the document " + blob.digest() + " is " + blob.size() + " bytes long");
        }
        try (InputStream in = open(blob)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new EnvironmentFault("read image archive: " + e.getMessage(), e);
        }
    }

    /** The blob that a layer's file is, with the type that fits its content. */
    Descriptor layer(String name) {
        Descriptor file = files.get(followed(name));
        if (file == null) {
            throw missing(name);
        }
        return new Descriptor(type(file), file.digest(), file.size());
    }

    private String type(Descriptor file) {
        if (packed.containsKey(file.digest())) {
            return MediaTypes.OCI_LAYER_TAR;
        }
        byte[] start = new byte[4];
        try (InputStream in = open(file)) {
            int length = in.readNBytes(start, 0, start.length);
            if (length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
                return MediaTypes.OCI_LAYER_GZIP;
            }
            return length == 4 && start[0] == 0x28 && start[1] == (byte) 0xb5
                    ? MediaTypes.OCI_LAYER_ZSTD
                    : MediaTypes.OCI_LAYER_TAR;
        } catch (IOException e) {
            throw new EnvironmentFault("read image archive: " + e.getMessage(), e);
        }
    }

    boolean has(Digest digest) {
        return unpacked.containsKey(digest)
                || packed.containsKey(digest)
                || content.size(digest).isPresent();
    }

    /** Takes over the files and the blob of a layer that was unpacked while it was read. */
    @Override
    public LayerIntake.@Nullable Early early(LayerIntake.Incoming layer) {
        Digest blob = layer.blob().digest();
        Descriptor kept = packed.get(layer.diffId());
        if (kept == null || !kept.digest().equals(blob)) {
            return null; // nothing is early, or the manifest names another blob than the configuration
        }
        Path file = unpacked.get(blob);
        if (file != null) {
            content.adopt(claims, blob, file);
            unpacked.remove(blob);
        }
        return early.remove(layer.diffId());
    }

    /** Opens a blob. The caller closes the stream. */
    @Override
    public InputStream open(Descriptor blob) throws IOException {
        Path file = unpacked.get(blob.digest());
        return file == null ? content.read(blob.digest()) : Files.newInputStream(file);
    }

    static UserFault missing(String name) {
        return new UserFault("read image archive: it names " + name + " and does not hold it")
                .hint("The archive is not whole: save it again.");
    }

    /** Removes what no image of the archive needed. */
    @Override
    public void close() {
        early.values().forEach(LayerIntake.Early::close);
        early.clear();
        try {
            for (Path file : unpacked.values()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Disk.fault("remove what the archive held", e);
        }
    }
}
