package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.PathBytes;
import dev.drydock.linux.TreeEntry;
import dev.drydock.linux.TreeWalk;
import dev.drydock.oci.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trees of every kind of file with names of every kind of byte, and what stands in them. */
final class RandomTree {
    private RandomTree() {}

    static void make(Path root, Random random, int entries) {
        try (Directory fs = Directory.open(root)) {
            List<String> directories = new ArrayList<>(List.of(""));
            List<String> files = new ArrayList<>();
            for (int i = 0; i < entries; i++) {
                String parent = directories.get(random.nextInt(directories.size()));
                String path = (parent.isEmpty() ? "" : parent + "/") + name(random, i);
                add(fs, path, random, directories, files);
            }
            for (String directory : directories) {
                if (!directory.isEmpty()) {
                    fs.setTime(directory, random.nextInt(1_700_000_000) * 1_000_000_000L);
                }
            }
        }
    }

    private static void add(Directory fs, String path, Random random, List<String> directories, List<String> files) {
        long time = random.nextInt(1_700_000_000) * 1_000_000_000L;
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                if (path.length() < 120) {
                    fs.makeDirectory(path, 0700 | random.nextInt(0100));
                    directories.add(path);
                }
            }
            case 2 -> {
                fs.symlink("to/" + name(random, 0), path);
                fs.setTime(path, time);
            }
            case 3 -> {
                fs.makeNode(path, (random.nextBoolean() ? FileStat.CHAR_DEVICE : FileStat.BLOCK_DEVICE) | 0640, 7, 300);
                fs.setTime(path, time);
            }
            case 4 -> {
                fs.makeNode(path, FileStat.FIFO | 0644, 0, 0);
                fs.setTime(path, time);
            }
            case 5 -> {
                if (!files.isEmpty()) {
                    fs.link(files.get(random.nextInt(files.size())), fs, path);
                }
            }
            default -> {
                byte[] data = new byte[random.nextInt(20) == 0 ? 700_000 : random.nextInt(3000)];
                random.nextBytes(data);
                try (var file = fs.createFile(path, 0644)) {
                    file.write(data, 0, data.length);
                    file.chown(random.nextInt(70_000), random.nextInt(5));
                    file.chmod(random.nextInt(010000));
                    file.setTime(time);
                }
                files.add(path);
            }
        }
    }

    private static String name(Random random, int i) {
        return switch (random.nextInt(8)) {
            case 0 -> "größe " + i;
            case 1 -> PathBytes.decode(new byte[] {'r', (byte) 0xFF, (byte) 0x80, (byte) ('a' + i % 26)}) + i;
            case 2 -> "long".repeat(15) + i;
            case 3 -> "-" + i + "\n*";
            default -> "n" + i;
        };
    }

    static String describe(Path root) throws Exception {
        StringBuilder text = new StringBuilder();
        try (Directory fs = Directory.open(root)) {
            for (TreeEntry entry : TreeWalk.list(fs)) {
                FileStat stat = entry.stat();
                text.append(entry.path().replace('\n', '?')).append(' ').append(Integer.toOctalString(stat.mode()));
                text.append(' ')
                        .append(stat.uid())
                        .append(':')
                        .append(stat.gid())
                        .append(' ')
                        .append(stat.mtimeNs());
                if (!stat.isDirectory()) {
                    text.append(" n").append(stat.links()).append(' ').append(stat.size());
                    text.append(' ').append(stat.major()).append(',').append(stat.minor());
                }
                if (stat.isSymlink()) {
                    text.append(" -> ").append(fs.readLink(entry.path()));
                }
                if (stat.isRegular()) {
                    byte[] data = new byte[(int) stat.size()];
                    try (var file = fs.openFile(entry.path())) {
                        file.read(data, 0, data.length);
                    }
                    text.append(' ').append(Digest.of(data));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
