package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.DrydockException;
import dev.drydock.house.Requires;
import dev.drydock.source.GitServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADD of a repository, from Dockerfile to image. */
class AddGitTest {
    @TempDir
    Path directory;

    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void theTreeOfTheCommitIsCopiedAndTheCommitIsTheKey() throws Exception {
        Requires.root();
        Requires.program("git");
        Path context = Files.createDirectory(directory.resolve("context"));
        try (GitServer server = GitServer.start(directory.resolve("srv"));
                Drydock drydock = Drydock.open(directory.resolve("store"))) {
            Path work = server.repository("repo");
            Files.writeString(Files.createDirectory(work.resolve("d")).resolve("f"), "one");
            server.commit(work, "first");
            String dockerfile = "FROM scratch\nADD --chown=7:8 " + server.url("repo.git") + "#main /src\n";
            Files.writeString(context.resolve("Dockerfile"), dockerfile);
            BuildResult first = drydock.build(BuildRequest.of(context), events::add);
            assertThat(BuiltFiles.of(drydock, first.imageId().toString()).lines())
                    .containsExactly("src d755 7:8", "src/d d755 7:8", "src/d/f -644 7:8 \"one\"");
            assertThat(drydock.build(BuildRequest.of(context), events::add)).isEqualTo(first);
            assertThat(events).anyMatch(BuildEvent.Cached.class::isInstance);

            Files.writeString(work.resolve("d/f"), "two");
            server.commit(work, "second");
            BuildResult second = drydock.build(BuildRequest.of(context), events::add);
            assertThat(BuiltFiles.of(drydock, second.imageId().toString())
                            .at("src/d/f")
                            .text())
                    .isEqualTo("two");

            Files.writeString(context.resolve("Dockerfile"), dockerfile.replace("#main", "#nosuch"));
            assertThatThrownBy(() -> drydock.build(BuildRequest.of(context), events::add))
                    .isInstanceOfSatisfying(DrydockException.class, fault -> {
                        assertThat(fault.text()).startsWith("repository does not contain ref nosuch");
                        assertThat(fault.range()).isPresent();
                    });
        }
    }
}
