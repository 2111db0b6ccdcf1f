package dev.drydock.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.child.ChildJvm;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.scope.Scope;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path root;

    private static long count(Database database) {
        return database.read(tx ->
                tx.first("SELECT count(*) FROM settings", row -> row.number(1)).orElseThrow());
    }

    private static void put(Database database, String name, String value) {
        database.write(Durability.NOW, tx -> tx.update("INSERT INTO settings VALUES (?, ?)", name, value));
    }

    @Test
    void whatIsWrittenIsThereAfterReopening() {
        try (Database database = Database.open(root)) {
            put(database, "a", "1");
        }
        try (Database database = Database.open(root)) {
            Optional<String> value =
                    database.read(tx -> tx.first("SELECT value FROM settings WHERE name = ?", row -> row.text(1), "a"));
            assertThat(value).contains("1");
        }
    }

    @Test
    void aTransactionThatThrowsChangesNothing() {
        try (Database database = Database.open(root)) {
            assertThatThrownBy(() -> database.write(Durability.NOW, tx -> {
                        tx.update("INSERT INTO settings VALUES (?, ?)", "a", "1");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(count(database)).isZero();
            put(database, "b", "2");
            assertThat(count(database)).isOne();
        }
    }

    @Test
    void theNativeLibraryIsUnpackedOnceAndWhole() throws Exception {
        try (ChildJvm child = ChildJvm.start(Writer.class, root, "x", 1)) {
            assertThat(child.readLine()).isEqualTo("done");
        }
        try (var files = Files.list(root.resolve("native"))) {
            assertThat(files.map(f -> f.getFileName().toString()).toList())
                    .singleElement()
                    .asString()
                    .matches("sqlite-[0-9.]+-[a-z0-9_]+-[0-9]+\\.so");
        }
    }

    @Test
    void aNewerSchemaIsRefusedUntouched() throws Exception {
        try (Database database = Database.open(root)) {
            put(database, "a", "1");
        }
        try (Sqlite sqlite = new Sqlite(root.resolve("drydock.db"))) {
            sqlite.execute("PRAGMA user_version=99");
        }
        byte[] before = Files.readAllBytes(root.resolve("drydock.db"));
        assertThatThrownBy(() -> Database.open(root))
                .isInstanceOf(EnvironmentFault.class)
                .hasMessage("open store " + root + ": it was written by a newer drydock (schema 99, this one knows "
                        + Schema.current() + ")");
        assertThat(Files.readAllBytes(root.resolve("drydock.db"))).isEqualTo(before);
    }

    @Test
    void theFirstSchemaIsBroughtUpToDateWithItsContent() throws Exception {
        try (Sqlite sqlite = new Sqlite(root.resolve("drydock.db"))) {
            for (String statement : Schema.step(1)) {
                sqlite.execute(statement);
            }
            sqlite.execute("INSERT INTO images VALUES ('sha256:a', 'sha256:b', 'type', 2, x'7b7d', NULL, 5)");
            sqlite.execute("PRAGMA user_version=1");
        }
        try (Database database = Database.open(root)) {
            Optional<Long> listed = database.read(
                    tx -> tx.first("SELECT listed FROM images WHERE id = 'sha256:a'", row -> row.number(1)));
            assertThat(listed).contains(1L);
            List<String> blobs = database.read(tx -> tx.list("SELECT * FROM layer_blobs", row -> row.text(1)));
            assertThat(blobs).isEmpty();
        }
    }

    /** What a drydock of schema 2 left after {@code build -t old:1} of one COPY, as {@code sqlite3 .dump} wrote it down. */
    @Test
    void aStoreOfSchemaTwoIsBroughtUpToDateWithItsContent() throws Exception {
        try (InputStream dump = DatabaseTest.class.getResourceAsStream("schema-2.sql");
                Sqlite sqlite = new Sqlite(root.resolve("drydock.db"))) {
            for (String statement : new String(dump.readAllBytes(), StandardCharsets.UTF_8).split(";\n")) {
                sqlite.execute(statement);
            }
            sqlite.execute("PRAGMA user_version=2");
        }
        try (Database database = Database.open(root)) {
            List<String> images = database.read(tx -> tx.list(
                    "SELECT path, tag, images.size, content_size > tar_size + manifest_size, listed FROM names JOIN images"
                            + " ON image = id JOIN image_layers USING (image)",
                    row -> row.text(1) + ":" + row.text(2) + " " + row.number(3) + " " + row.number(4)
                            + row.number(5)));
            assertThat(images).containsExactly("library/old:1 32 11");
            List<String> records = database.read(tx -> tx.list(
                    "SELECT type, uses, evicted, layer FROM records JOIN record_layers ON record = id",
                    row -> row.text(1) + " " + row.number(2) + row.number(3) + " " + row.text(4)));
            assertThat(records).containsExactly("regular 00 igihjs7db");
            assertThat(database.complaints()).isEmpty();
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsReportedAsCorrupt() throws Exception {
        Files.writeString(root.resolve("drydock.db"), "hello ".repeat(1000));
        assertThatThrownBy(() -> Database.open(root)).isInstanceOf(CorruptData.class);
        assertThat(Files.readString(root.resolve("drydock.db"))).startsWith("hello hello");
    }

    @Test
    void threadsTakeTurns() throws InterruptedException {
        try (Database database = Database.open(root);
                Scope scope = Scope.ofPlatformThreads("db")) {
            for (int thread = 0; thread < 4; thread++) {
                String prefix = "t" + thread + "-";
                scope.fork(() -> {
                    for (int i = 0; i < 50; i++) {
                        put(database, prefix + i, "v");
                    }
                    return null;
                });
            }
            scope.join();
            assertThat(count(database)).isEqualTo(200);
        }
    }

    /** Arguments: store, prefix, rows. */
    static final class Writer {
        public static void main(String[] arguments) {
            try (Database database = Database.open(Path.of(arguments[0]))) {
                for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                    put(database, arguments[1] + i, "v");
                    System.out.println(Integer.parseInt(arguments[2]) == 1 ? "done" : "" + i);
                }
            }
        }
    }

    @Test
    void processesThatCreateOneStoreTogetherLoseNothing() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(ChildJvm.start(Writer.class, root, "p" + i + "-", 40));
        }
        for (ChildJvm child : children) {
            while (child.readLine() != null) {
                // its lines are only of use to the test below
            }
            assertThat(child.waitFor()).isZero();
        }
        try (Database database = Database.open(root)) {
            assertThat(count(database)).isEqualTo(120);
        }
    }

    @Test
    void whatAKilledProcessHasWrittenStays() throws Exception {
        for (int round = 0; round < 3; round++) {
            String prefix = "r" + round + "-";
            int last = -1;
            try (ChildJvm child = ChildJvm.start(Writer.class, root, prefix, 100_000)) {
                for (int i = 0; i < 20 + round * 13; i++) {
                    last = Integer.parseInt(child.readLine());
                }
            }
            try (Database database = Database.open(root)) {
                List<String> names = database.read(
                        tx -> tx.list("SELECT name FROM settings WHERE name LIKE ?", row -> row.text(1), prefix + "%"));
                for (int i = 0; i <= last; i++) {
                    assertThat(names).contains(prefix + i);
                }
            }
        }
    }
}
