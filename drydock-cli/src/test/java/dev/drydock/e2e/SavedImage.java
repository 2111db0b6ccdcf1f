package dev.drydock.e2e;

import dev.drydock.oci.JsonValue;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An image as an archive of {@code save} holds it, read by none of Drydock's own code for archives.
 *
 * @param config the configuration document
 * @param layers the entries of each layer, in their order, by path
 */
record SavedImage(JsonValue.Obj config, List<Map<String, Entry>> layers) {
    /** Later than this is the time of a build; files whose time must be kept have an earlier one. */
    private static final long NEW = 1_500_000_000;

    private static final String XATTR = "SCHILY.xattr.";
    /** No Dockerfile writes it. */
    private static final String BASE_FILE = "bin/busybox";

    private static final String WHITEOUT = ".wh.";

    /**
     * A file of a layer.
     *
     * @param type as {@code ls} writes it, {@code h} for a hard link
     * @param time seconds since 1970, or {@code now}
     * @param detail content's digest, a link's target or a device's numbers
     * @param xattrs names and values in hexadecimal
     */
    record Entry(char type, String mode, String owner, String time, String detail, Map<String, String> xattrs) {
        @Override
        public String toString() {
            return type + " " + mode + " " + owner + " " + time + (detail.isEmpty() ? "" : " " + detail)
                    + (xattrs.isEmpty() ? "" : " " + xattrs);
        }

        /** What can be compared alone: the type under the path itself, the rest under {@code path what}. */
        private void addFacts(String path, Map<String, String> facts) {
            facts.put(path, String.valueOf(type));
            facts.put(path + " mode", mode);
            facts.put(path + " owner", owner);
            facts.put(path + " time", time);
            facts.put(path + " detail", detail);
            facts.put(path + " xattrs", xattrs.toString());
        }
    }

    static SavedImage read(Path archive) throws IOException {
        try (TarFile tar = new TarFile(archive)) {
            Map<String, TarArchiveEntry> files = new LinkedHashMap<>();
            tar.getEntries().forEach(entry -> files.put(entry.getName(), entry));
            JsonValue.Arr manifest = (JsonValue.Arr) json(tar, files, "manifest.json");
            JsonValue.Obj image = (JsonValue.Obj) manifest.items().getFirst();
            JsonValue.Obj config = (JsonValue.Obj) json(tar, files, text(image.get("Config")));
            List<Map<String, Entry>> layers = new ArrayList<>();
            for (JsonValue layer : list(image.get("Layers"))) {
                try (InputStream in = tar.getInputStream(entry(files, text(layer)))) {
                    layers.add(layer(in));
                }
            }
            return new SavedImage(config, List.copyOf(layers));
        }
    }

    private static TarArchiveEntry entry(Map<String, TarArchiveEntry> files, String name) {
        return Objects.requireNonNull(files.get(name), () -> name + " is not in the archive: " + files.keySet());
    }

    private static JsonValue json(TarFile tar, Map<String, TarArchiveEntry> files, String name) throws IOException {
        try (InputStream in = tar.getInputStream(entry(files, name))) {
            return JsonValue.parse(in.readAllBytes());
        }
    }

    static String text(JsonValue value) {
        return ((JsonValue.Text) Objects.requireNonNull(value)).value();
    }

    static List<JsonValue> list(JsonValue value) {
        return value == null ? List.of() : ((JsonValue.Arr) value).items();
    }

    private static Map<String, Entry> layer(InputStream stored) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stored);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(gzip ? new GZIPInputStream(in) : in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String path = clean(entry.getName());
                if (!path.isEmpty()) {
                    entries.put(path, of(entry, tar));
                }
            }
        }
        return entries;
    }

    private static String clean(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static Entry of(TarArchiveEntry entry, InputStream content) {
        char type;
        String detail = "";
        if (entry.isLink()) {
            type = 'h';
            detail = clean(entry.getLinkName());
        } else if (entry.isSymbolicLink()) {
            type = 'l';
            detail = entry.getLinkName();
        } else if (entry.isDirectory()) {
            type = 'd';
        } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
            type = entry.isCharacterDevice() ? 'c' : 'b';
            detail = entry.getDevMajor() + "," + entry.getDevMinor();
        } else if (entry.isFIFO()) {
            type = 'p';
        } else {
            type = '-';
            detail = sha256(content);
        }
        Map<String, String> xattrs = new TreeMap<>();
        entry.getExtraPaxHeaders().forEach((name, value) -> {
            if (name.startsWith(XATTR)) {
                xattrs.put(
                        name.substring(XATTR.length()),
                        HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)));
            }
        });
        long time = entry.getLastModifiedTime().toInstant().getEpochSecond();
        return new Entry(
                type,
                "%04o".formatted(entry.getMode() & 07777),
                entry.getLongUserId() + ":" + entry.getLongGroupId(),
                time > NEW ? "now" : Long.toString(time),
                detail,
                xattrs);
    }

    private static String sha256(InputStream content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything but times and digests, a line each; of the base only that it is there. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("document ")
                .append(String.join(" ", config.members().keySet()))
                .append('\n');
        for (String name : List.of("architecture", "variant", "os", "author", "config")) {
            JsonValue value = config.get(name);
            if (value != null) {
                text.append(name).append(' ').append(value.compactForPeople()).append('\n');
            }
        }
        for (JsonValue each : list(config.get("history"))) {
            JsonValue.Obj entry = (JsonValue.Obj) each;
            text.append(entry.get("empty_layer") == null ? "layer by " : "setting  ");
            text.append(Objects.requireNonNullElse(entry.get("created_by"), new JsonValue.Null())
                    .compactForPeople());
            text.append(entry.get("comment") == null ? "" : " " + text(entry.get("comment")));
            text.append('\n');
        }
        for (Map<String, Entry> layer : layers) {
            if (layer.containsKey(BASE_FILE)) {
                text.append("layer of the base\n");
            } else {
                text.append("layer\n");
                layer.forEach((path, entry) -> text.append("  ")
                        .append(path.replace("\n", "\\n"))
                        .append(' ')
                        .append(entry)
                        .append('\n'));
            }
        }
        return text.toString();
    }

    /** All layers applied: facts by name, the settings of the configuration among them. */
    Map<String, String> facts() {
        TreeMap<String, Entry> tree = new TreeMap<>();
        for (Map<String, Entry> layer : layers) {
            apply(layer, tree);
        }
        Map<String, String> facts = new TreeMap<>();
        tree.forEach((path, entry) -> {
            Entry file = entry;
            while (file.type() == 'h') {
                file = Objects.requireNonNull(tree.get(file.detail()));
            }
            file.addFacts("/" + path, facts);
        });
        settings("config", Objects.requireNonNull(config.get("config")), facts);
        for (String name : List.of("architecture", "os", "author")) {
            settings(name, Objects.requireNonNullElse(config.get(name), new JsonValue.Null()), facts);
        }
        return facts;
    }

    private static void apply(Map<String, Entry> layer, TreeMap<String, Entry> tree) {
        for (String path : layer.keySet()) {
            int slash = path.lastIndexOf('/') + 1;
            if (path.startsWith(WHITEOUT, slash)) {
                String gone = path.substring(0, slash) + path.substring(slash + WHITEOUT.length());
                if (gone.endsWith(".wh..opq")) {
                    String directory = path.substring(0, slash);
                    tree.keySet().removeIf(each -> each.startsWith(directory));
                } else {
                    remove(gone, tree);
                }
            }
        }
        layer.forEach((path, entry) -> {
            if (path.startsWith(WHITEOUT, path.lastIndexOf('/') + 1)) {
                return;
            }
            if (entry.type() != 'd') {
                remove(path, tree);
            }
            tree.put(path, entry);
        });
    }

    private static void remove(String path, TreeMap<String, Entry> tree) {
        tree.remove(path);
        tree.keySet().removeIf(each -> each.startsWith(path + "/"));
    }

    /** Nothing, an empty list and a missing member say the same. */
    private static void settings(String name, JsonValue value, Map<String, String> facts) {
        switch (value) {
            case JsonValue.Obj object ->
                object.members().forEach((key, each) -> {
                    boolean isFlat =
                            each instanceof JsonValue.Obj map && map.members().isEmpty();
                    if (isFlat && !name.equals("config")) {
                        facts.put(name + " " + key, "");
                    } else {
                        settings(name + " " + key, each, facts);
                    }
                });
            case JsonValue.Null _ -> {}
            default -> {
                String text = value.compactForPeople();
                if (!List.of("\"\"", "[]", "false").contains(text)) {
                    facts.put(name, text);
                }
            }
        }
    }
}
