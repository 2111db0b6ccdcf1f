package dev.drydock.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.images.NamesCopy.Kept;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of the names as damage leaves it. */
class NamesCopyTest {
    @TempDir
    Path root;

    private static String digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String image(String id) {
        return "image " + id + " " + digest("m" + id) + " 0 -";
    }

    private static String name(String path) {
        return "name docker.io library/" + path + " latest -";
    }

    private List<Kept> read(String... lines) throws IOException {
        Files.write(root.resolve(Database.NAMES), List.of(lines));
        return NamesCopy.read(root);
    }

    @Test
    void namesBelongToTheImageAboveThem() throws Exception {
        List<Kept> kept = read("drydock names 1 7", image(digest("a")), name("one"), name("two"), image(digest("b")));

        assertThat(kept).extracting(each -> each.id().toString()).containsExactly(digest("a"), digest("b"));
        assertThat(kept.getFirst().names()).containsExactly(ImageRef.parse("one:latest"), ImageRef.parse("two:latest"));
        assertThat(kept.getLast().names()).isEmpty();
    }

    @Test
    void namesOfAnImageThatCannotBeReadAreNoOtherImages() throws Exception {
        String good = image(digest("a"));
        for (String damaged : List.of(image("sha256:0"), image(digest("b")) + " x", "imag", "", "image")) {
            List<Kept> kept = read(
                    "drydock names 1 7", good, name("one"), damaged, name("two"), image(digest("c")), name("three"));

            assertThat(kept).as(damaged).hasSize(2);
            assertThat(kept.getFirst().names()).as(damaged).containsExactly(ImageRef.parse("one:latest"));
            assertThat(kept.getLast().names()).as(damaged).containsExactly(ImageRef.parse("three:latest"));
        }
    }

    @Test
    void aNameThatCannotBeReadIsMissingAlone() throws Exception {
        List<Kept> kept = read(
                image(digest("a")),
                "name docker.io x",
                name("two"),
                "name docker.io library/x latest sha256:0",
                name("four"));

        assertThat(kept.getFirst().names())
                .containsExactly(ImageRef.parse("two:latest"), ImageRef.parse("four:latest"));
    }
}
