package dev.drydock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.TreeNode.Kind;
import dev.drydock.source.ContentManifest.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentManifestTest {
    private static final Entry MAIN = new Entry("src/main.rs", Kind.FILE, 0644, 0, 0, 1);

    private static ContentManifest of(Entry... entries) {
        return new ContentManifest(List.of(entries));
    }

    private static Entry file(String path, int mode, long content) {
        return new Entry(path, Kind.FILE, mode, 0, 0, content);
    }

    @Test
    void whatIsWrittenIsRead() {
        ContentManifest manifest = of(
                new Entry("a", Kind.DIRECTORY, 0755, 0, 0, 0),
                file("a/b", 04755, -1),
                new Entry("a/ü\uDCFF", Kind.SYMLINK, 0777, -2, 100000, 42));
        assertThat(ContentManifest.read(manifest.write()).entries()).isEqualTo(manifest.entries());
    }

    @Test
    void damagedBytesAreCorruptData() {
        byte[] bytes = of(MAIN, file("src/x", 0600, 9)).write();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ContentManifest.read(cut)).isInstanceOf(CorruptData.class);
        }
        assertThatThrownBy(() -> ContentManifest.read(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(CorruptData.class);
    }

    @Test
    void changesAreSentences() {
        ContentManifest before = of(
                MAIN,
                file("gone", 0644, 1),
                file("mode", 0644, 1),
                new Entry("owner", Kind.FILE, 0644, 0, 0, 1),
                new Entry("what", Kind.FILE, 0644, 0, 0, 1));
        ContentManifest after = of(
                file("src/main.rs", 0644, 2),
                file("mode", 0755, 1),
                new Entry("new", Kind.DIRECTORY, 0755, 0, 0, 0),
                file("new/below", 0644, 1),
                new Entry("owner", Kind.FILE, 0644, 1000, 50, 1),
                new Entry("what", Kind.SYMLINK, 0777, 0, 0, 1));
        assertThat(ContentChanges.between(before, after, _ -> Optional.empty()))
                .containsExactly(
                        "file gone was removed",
                        "mode of mode changed from 0644 to 0755",
                        "directory new was added",
                        "owner of owner changed from 0:0 to 1000:50",
                        "file src/main.rs changed",
                        "file what became a link");
        assertThat(ContentChanges.between(before, before, _ -> Optional.empty()))
                .isEmpty();
    }

    @Test
    void tenChangesAreTold() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add(file("f" + i, 0644, i));
        }
        List<String> changes = ContentChanges.between(of(), new ContentManifest(many), _ -> Optional.empty());
        assertThat(changes).hasSize(11).last().isEqualTo("and 15 more");
    }

    @Test
    void keptManifestsTellChanges(@TempDir Path temp) {
        ContentManifests kept = new ContentManifests(temp.resolve("contents"));
        Digest one = Digest.of(new byte[] {1});
        Digest two = Digest.of(new byte[] {2});
        kept.save(one, of(MAIN));
        assertThat(kept.changes(one, two)).isEmpty();
        kept.save(two, of(file("src/main.rs", 0644, 5)));
        assertThat(kept.changes(one, two)).containsExactly("file src/main.rs changed");
    }
}
