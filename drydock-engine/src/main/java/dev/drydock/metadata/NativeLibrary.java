package dev.drydock.metadata;

import dev.drydock.scope.Disk;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps SQLite's native library unpacked in the store. The driver would otherwise unpack and check it at every start,
 * which costs three times as much as all the rest of {@code images}.
 */
final class NativeLibrary {
    private static final String DIRECTORY_PROPERTY = "org.sqlite.lib.path";
    private static final String NAME_PROPERTY = "org.sqlite.lib.name";

    private NativeLibrary() {}

    /**
     * Points the driver to the library under {@code root}, unpacking it first if it is not there whole. If the library
     * cannot be loaded from there, the driver falls back to unpacking for itself.
     */
    static synchronized void prepare(Path root) throws IOException {
        if (System.getProperty(DIRECTORY_PROPERTY) != null) {
            return; // set by the user, or by an earlier store of this process: the library is loaded once
        }
        Path directory = root.resolve("native");
        String prefix = "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + System.getProperty("os.arch") + "-";
        Path library = find(directory, prefix);
        if (library == null) {
            library = unpack(directory, prefix);
        }
        if (library != null) {
            System.setProperty(DIRECTORY_PROPERTY, directory.toString());
            System.setProperty(NAME_PROPERTY, library.getFileName().toString());
        }
    }

    /** The file's name ends with its length, so that a file cut short by a sick disk is not taken. */
    private static @Nullable Path find(Path directory, String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return null;
        }
        for (Path file : Disk.entries(directory)) {
            String name = file.getFileName().toString();
            if (name.startsWith(prefix) && name.equals(prefix + Files.size(file) + ".so")) {
                return file;
            }
        }
        return null;
    }

    private static @Nullable Path unpack(Path directory, String prefix) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed == null) {
                return null; // no library for this machine in the driver; it says so itself
            }
            Files.createDirectories(directory);
            Path unpacked = Files.createTempFile(directory, ".unpack-", ".so");
            try (FileOutputStream out = new FileOutputStream(unpacked.toFile())) {
                packed.transferTo(out);
                FileDescriptor descriptor = out.getFD();
                descriptor.sync();
            }
            Path library = directory.resolve(prefix + Files.size(unpacked) + ".so");
            Disk.publish(unpacked, library);
            return library;
        }
    }
}
