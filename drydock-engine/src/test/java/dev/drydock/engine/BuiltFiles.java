package dev.drydock.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files of a built image, all its layers on top of each other, read from what {@code save} writes. */
final class BuiltFiles {
    private static final String XATTR = "SCHILY.xattr.";

    private final Map<String, File> files = new TreeMap<>();
    private final Map<String, List<String>> attributes = new HashMap<>();

    /** One path: {@code type} is as {@code ls -l} shows it. */
    record File(char type, int mode, long uid, long gid, Instant modified, String text) {
        @Override
        public String toString() {
            String content = type == 'd' ? "" : " \"" + text + '"';
            return type + Integer.toOctalString(mode) + " " + uid + ":" + gid + content;
        }
    }

    private BuiltFiles() {}

    static BuiltFiles of(Drydock drydock, String image) throws IOException, InterruptedException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        drydock.save(List.of(image), archive);
        Map<String, byte[]> members = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                members.put(entry.getName(), tar.readAllBytes());
            }
        }
        BuiltFiles built = new BuiltFiles();
        String manifest = new String(members.get("manifest.json"), StandardCharsets.UTF_8);
        String layers = manifest.substring(manifest.indexOf("\"Layers\""));
        for (String part : layers.substring(0, layers.indexOf(']')).split("\"", -1)) {
            if (members.containsKey(part)) {
                built.add(members.get(part));
            }
        }
        return built;
    }

    private void add(byte[] layer) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new ByteArrayInputStream(layer), StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String path = entry.getName().replaceFirst("/$", "");
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (name.startsWith(".wh.")) {
                    String gone = path.substring(0, path.length() - name.length()) + name.substring(4);
                    files.keySet().removeIf(each -> each.equals(gone) || each.startsWith(gone + "/"));
                    continue;
                }
                char type = entry.isDirectory() ? 'd' : entry.isSymbolicLink() ? 'l' : entry.isLink() ? 'h' : '-';
                String text =
                        entry.isFile() ? new String(tar.readAllBytes(), StandardCharsets.UTF_8) : entry.getLinkName();
                attributes.put(
                        path,
                        entry.getExtraPaxHeaders().keySet().stream()
                                .filter(key -> key.startsWith(XATTR))
                                .map(key -> key.substring(XATTR.length()))
                                .sorted()
                                .toList());
                files.put(
                        path,
                        new File(
                                type,
                                entry.getMode() & 07777,
                                entry.getLongUserId(),
                                entry.getLongGroupId(),
                                entry.getLastModifiedTime().toInstant(),
                                text));
            }
        }
    }

    /** The names of the extended attributes that the layer gives a path. */
    List<String> attributes(String path) {
        at(path);
        return attributes.get(path);
    }

    Map<String, File> all() {
        return files;
    }

    File at(String path) {
        File file = files.get(path);
        if (file == null) {
            throw new AssertionError("no " + path + " in " + files.keySet());
        }
        return file;
    }

    /** Every path with what it is, one line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        files.forEach((path, file) -> lines.add(path + " " + file));
        return lines;
    }
}
