package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.event.BuildEvent;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step that runs again because a file is hidden now is told of the line that hides it. */
class ExplainIgnoredTest {
    @TempDir
    Path directory;

    private Drydock drydock;
    private Path project;

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
        project = Files.createDirectories(directory.resolve("project/d")).getParent();
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
        for (String file : List.of("a", "b", "d/c", "d/e")) {
            Files.writeString(project.resolve(file), file);
        }
        Files.writeString(project.resolve(".dockerignore"), ".dockerignore\n");
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private List<String> reasons(BuildRequest request) throws InterruptedException {
        List<BuildEvent> events = new CopyOnWriteArrayList<>();
        drydock.build(request, events::add);
        return events.stream()
                .filter(BuildEvent.Explained.class::isInstance)
                .flatMap(event -> ((BuildEvent.Explained) event).reasons().stream())
                .toList();
    }

    private List<String> reasons() throws InterruptedException {
        return reasons(BuildRequest.of(project));
    }

    @Test
    void theLineThatHidesAFileIsNamed() throws Exception {
        reasons();
        Files.writeString(project.resolve(".dockerignore"), ".dockerignore\n\n# not for images\nb\n");
        assertThat(reasons()).containsExactly("file b was hidden: line 4 of .dockerignore, \"b\"");
        Files.writeString(project.resolve(".dockerignore"), ".dockerignore\nb\nd\n!d/e\n");
        assertThat(reasons()).containsExactly("file d/c was hidden: line 3 of .dockerignore, \"d\"");
        Files.delete(project.resolve("d/e"));
        assertThat(reasons()).containsExactly("directory d was hidden: line 3 of .dockerignore, \"d\"");
        Files.writeString(project.resolve(".dockerignore"), ".dockerignore\nb\n");
        Files.delete(project.resolve("a"));
        assertThat(reasons()).containsExactly("file a was removed", "directory d was added");
    }

    @Test
    void theIgnoreFileOfTheDockerfileIsTheOneThatIsNamed() throws Exception {
        Path dockerfile = Files.writeString(project.resolve("x.Dockerfile"), "FROM scratch\nCOPY . /\n");
        Path ignored = project.resolve("x.Dockerfile.dockerignore");
        Files.writeString(ignored, "*ockerfile*\n");
        BuildRequest request = (BuildRequest)
                new RequestCopy(BuildRequest.of(project)).with("dockerfile", new DockerfileSource.OnHost(dockerfile));
        reasons(request);
        Files.writeString(ignored, "*ockerfile*\n**/c\n");
        assertThat(reasons(request))
                .containsExactly("file d/c was hidden: line 2 of x.Dockerfile.dockerignore, \"**/c\"");
    }

    @Test
    void aNamedContextHasItsOwn() throws Exception {
        Path lib = Files.createDirectory(directory.resolve("lib"));
        Files.writeString(lib.resolve("x"), "x");
        Files.writeString(lib.resolve("y"), "y");
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY --from=lib / /\n");
        TreeMap<String, NamedSource> named = new TreeMap<>(Map.of("lib", new NamedSource.Directory(lib)));
        BuildRequest request = (BuildRequest) new RequestCopy(BuildRequest.of(project)).with("namedContexts", named);
        reasons(request);
        Files.writeString(lib.resolve(".dockerignore"), "y\n.dockerignore\n");
        assertThat(reasons(request)).containsExactly("file y was hidden: line 1 of .dockerignore, \"y\"");
    }
}
