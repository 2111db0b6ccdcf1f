package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, and of its mirrors: what is read is asked for at the mirrors first, what is written goes to
 * the registry. Everything blocks, is checked, and is tried again as far as that makes sense. Safe for several threads.
 */
public final class Repository implements Origin {
    private static final String ACCEPT = String.join(
            ", ",
            MediaTypes.OCI_INDEX,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.DOCKER_INDEX,
            MediaTypes.DOCKER_MANIFEST,
            "*/*");

    private final ImageRef name;
    private final List<Endpoint> places;
    private final UploadParts parts;
    private final Faults faults;
    private final Retries retries;
    /** How often each blob was opened. */
    private final Map<Digest, Integer> opened = new ConcurrentHashMap<>();

    /** @param places the mirrors, then the registry itself */
    Repository(ImageRef name, List<Endpoint> places, UploadParts parts, Faults faults, Retries retries) {
        this.parts = parts;
        this.name = name;
        this.places = List.copyOf(places);
        this.faults = faults;
        this.retries = retries;
    }

    private Endpoint registry() {
        return places.getLast();
    }

    private String path(Endpoint place) {
        return place.prefix() + name.path();
    }

    private List<String> reading(Endpoint place) {
        return List.of("repository:" + path(place) + ":pull");
    }

    private List<String> writing() {
        return List.of("repository:" + path(registry()) + ":pull,push");
    }

    /**
     * Asks which manifest or index the name stands for now.
     *
     * @throws RemoteFault if the registry cannot be asked, or has something too old under that name
     */
    public Lookup find() throws InterruptedException {
        List<String> notes = new ArrayList<>();
        for (Endpoint place : places) {
            boolean last = place == registry();
            try {
                Lookup lookup = find(place);
                if (last || lookup instanceof Lookup.Found) {
                    return lookup;
                }
                notes.add("The mirror " + place.host() + " does not have it.");
            } catch (IOException e) {
                RemoteFault fault = faults.noAnswer("HEAD", place.about(manifest(place)), place.host(), e);
                if (last) {
                    notes.forEach(fault::hint);
                    throw fault;
                }
                notes.add("The mirror " + place.host() + " did not answer: " + Words.of(e) + ".");
            } catch (RemoteFault e) {
                if (last) {
                    notes.forEach(e::hint);
                    throw e;
                }
                notes.add("The mirror " + place.host() + " failed: " + e.text() + ".");
            }
        }
        throw new AssertionError("a repository has a registry");
    }

    private String manifest(Endpoint place) {
        Digest digest = name.digest();
        return "/v2/" + path(place) + "/manifests/" + (digest != null ? digest.toString() : name.tag());
    }

    private Lookup find(Endpoint place) throws IOException, InterruptedException {
        Call head = Call.of("HEAD", manifest(place), reading(place)).header("Accept", ACCEPT);
        try (Answer answer = place.send(head)) {
            Descriptor said = descriptor(answer);
            if (said != null) {
                return new Lookup.Found(DocumentType.checked(name, said));
            }
            switch (answer.status()) {
                case 404 -> {
                    return new Lookup.Missing();
                }
                case 401, 403 -> {
                    return new Lookup.Refused(faults.refusal(answer));
                }
                case 429 -> throw faults.unexpected(answer);
                default -> {
                    if (Retries.isPassing(answer.status())) {
                        throw faults.unexpected(answer);
                    }
                }
            }
        } catch (Denied e) {
            return new Lookup.Refused(faults.redacted(e.reason()));
        }
        return get(place);
    }

    /** The long way, for registries that do not say it all to a HEAD. */
    private Lookup get(Endpoint place) throws IOException, InterruptedException {
        return place.read(
                Call.of("GET", manifest(place), reading(place)).header("Accept", ACCEPT),
                answer -> found(place, answer));
    }

    private Lookup found(Endpoint place, Answer answer) throws IOException {
        return switch (answer.status()) {
            case 200 -> {
                byte[] bytes = answer.bytes(DocumentType.LONGEST_DOCUMENT);
                Digest wanted = name.digest();
                if (wanted != null && !wanted.isOf(bytes)) {
                    throw other(wanted, place);
                }
                yield new Lookup.Found(DocumentType.checked(
                        name,
                        new Descriptor(
                                DocumentType.of(answer, bytes),
                                wanted != null ? wanted : Digest.of(bytes),
                                bytes.length)));
            }
            case 404 -> new Lookup.Missing();
            case 401, 403 -> new Lookup.Refused(faults.refusal(answer));
            default -> throw faults.unexpected(answer);
        };
    }

    private @Nullable Descriptor descriptor(Answer answer) {
        String digest = answer.header("Docker-Content-Digest");
        String type = answer.header("Content-Type");
        OptionalLong length = answer.length();
        if (answer.status() != 200 || digest == null || type == null || length.isEmpty()) {
            return null;
        }
        try {
            Digest said = Digest.parse(digest);
            Digest wanted = name.digest();
            return wanted != null && !wanted.equals(said)
                    ? null // a GET shows what it really has
                    : new Descriptor(DocumentType.withoutParameters(type), said, length.getAsLong());
        } catch (UserFault e) {
            return null;
        }
    }

    /**
     * Fetches a manifest or an index.
     *
     * @throws CorruptData if no place has bytes that fit the descriptor
     */
    @Override
    public Document document(Descriptor wanted) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return fetch(wanted);
            } catch (CorruptData damaged) {
                if (attempt == CONTENT_ATTEMPTS) {
                    throw damaged;
                }
            }
        }
    }

    private Document fetch(Descriptor wanted) throws InterruptedException {
        for (Endpoint place : places) {
            boolean last = place == registry();
            String address = "/v2/" + path(place) + "/manifests/" + wanted.digest();
            try {
                Call call = Call.of("GET", address, reading(place)).header("Accept", ACCEPT);
                Document document = place.read(call, answer -> document(wanted, place, answer));
                if (document != null) {
                    return document;
                }
            } catch (IOException e) {
                if (last) {
                    throw faults.noAnswer("GET", place.about(address), place.host(), e);
                }
            } catch (Denied e) {
                if (last) {
                    throw new RemoteFault("pull access denied, repository does not exist or may require authorization: "
                            + faults.redacted(e.reason()));
                }
            }
        }
        throw new AssertionError("a repository has a registry");
    }

    /** The document in an answer; null if the next place is to be asked. */
    private @Nullable Document document(Descriptor wanted, Endpoint place, Answer answer) throws IOException {
        boolean last = place == registry();
        if (answer.status() != 200) {
            if (last) {
                throw answer.status() == 404
                        ? new RemoteFault(name.repository() + "@" + wanted.digest() + ": not found")
                        : faults.unexpected(answer);
            }
            return null;
        }
        byte[] bytes = answer.bytes(DocumentType.LONGEST_DOCUMENT);
        if (!wanted.digest().isOf(bytes)) {
            if (last) {
                throw other(wanted.digest(), place);
            }
            return null;
        }
        return new Document(
                DocumentType.checked(
                        name, new Descriptor(DocumentType.of(answer, bytes), wanted.digest(), bytes.length)),
                bytes);
    }

    private CorruptData other(Digest wanted, Endpoint place) {
        return new CorruptData("fetch manifest " + wanted + " of " + name.repository() + ": " + place.host()
                        + " sent other content")
                .hint("Try again; a proxy or mirror in between may be at fault.");
    }

    /**
     * Opens a blob; its bytes are counted but not hashed here. A blob that is opened again was not what it should be: then
     * the next place is asked. The caller closes the stream.
     */
    @Override
    public InputStream blob(Descriptor blob) {
        int before = opened.merge(blob.digest(), 1, Integer::sum) - 1;
        return new BlobStream(
                blob,
                places,
                Math.min(before, places.size() + blob.urls().size() - 1),
                (place, wanted, from) -> {
                    Call call = Call.of("GET", "/v2/" + path(place) + "/blobs/" + wanted.digest(), reading(place));
                    return place.send(from == 0 ? call : call.header("Range", "bytes=" + from + "-"));
                },
                faults,
                retries);
    }

    /** The repository's tags, in the registry's order. */
    public List<String> tags() throws InterruptedException {
        Endpoint place = registry();
        String first = "/v2/" + path(place) + "/tags/list?n=1000";
        TagList tags = new TagList(name, faults);
        try {
            String next = first;
            while (next != null) {
                next = place.read(Call.of("GET", next, reading(place)), tags::add);
            }
            return tags.tags();
        } catch (IOException e) {
            throw faults.noAnswer("GET", place.about(first), place.host(), e);
        } catch (Denied e) {
            throw new RemoteFault("pull access denied, repository does not exist or may require authorization: "
                    + faults.redacted(e.reason()));
        }
    }

    /** Whether the registry has a blob in this repository. */
    public boolean has(Digest blob) throws InterruptedException {
        Endpoint place = registry();
        String address = "/v2/" + path(place) + "/blobs/" + blob;
        return exists(place, address);
    }

    /** Whether the registry has a manifest in this repository. */
    public boolean hasManifest(Digest manifest) throws InterruptedException {
        Endpoint place = registry();
        return exists(place, "/v2/" + path(place) + "/manifests/" + manifest);
    }

    private boolean exists(Endpoint place, String address) throws InterruptedException {
        try (Answer answer = place.send(Call.of("HEAD", address, writing()).header("Accept", ACCEPT))) {
            return switch (answer.status()) {
                case 200, 307 -> true;
                case 404 -> false;
                case 401, 403 -> throw uploads().denied(faults.refusal(answer));
                default -> throw faults.unexpected(answer);
            };
        } catch (IOException e) {
            throw faults.noAnswer("HEAD", place.about(address), place.host(), e);
        } catch (Denied e) {
            throw uploads().denied(e.reason());
        }
    }

    private Uploads uploads() {
        return new Uploads(registry(), path(registry()), writing(), parts, faults, retries);
    }

    /** Takes a blob over from another repository of the same registry; false if the registry does not do that. */
    public boolean mount(Digest blob, String fromPath) throws InterruptedException {
        return uploads().mount(blob, registry().prefix() + fromPath);
    }

    /** Uploads a blob whose digest is known. */
    public void upload(Descriptor blob, BlobSource source) throws InterruptedException {
        uploads().upload(blob, source);
    }

    /** Uploads a blob while it is made; returns what it turned out to be. */
    public Descriptor stream(String mediaType, BlobSource source) throws InterruptedException {
        return uploads().stream(mediaType, source);
    }

    /** Puts a manifest or an index, by its digest and, if {@code tag} is not null, under a tag. */
    public void put(byte[] document, String mediaType, @Nullable String tag) throws InterruptedException {
        Endpoint place = registry();
        String reference = tag != null ? tag : Digest.of(document).toString();
        String address = "/v2/" + path(place) + "/manifests/" + reference;
        Call call = Call.of("PUT", address, writing())
                .header("Content-Type", mediaType)
                .sending(() -> BodyPublishers.ofByteArray(document), Duration.ofMinutes(2), Call.Repeat.YES);
        try (Answer answer = place.send(call)) {
            if (answer.status() == 401 || answer.status() == 403) {
                throw uploads().denied(faults.refusal(answer));
            }
            if (!answer.isSuccess()) {
                throw faults.unexpected(answer);
            }
        } catch (IOException e) {
            throw faults.noAnswer("PUT", place.about(address), place.host(), e);
        } catch (Denied e) {
            throw uploads().denied(e.reason());
        }
    }
}
