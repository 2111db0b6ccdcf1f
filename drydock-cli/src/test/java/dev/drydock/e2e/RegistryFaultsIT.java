package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.Drydock;
import dev.drydock.engine.RegistryAccess;
import dev.drydock.house.Leftovers;
import dev.drydock.house.Requires;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Pushes and pulls through a proxy that spoils a quarter of all requests, to and from a real registry with a password: every
 * one succeeds and every byte arrives. {@code -Ddrydock.faults.rounds=500} makes it 1,000 pushes and 1,000 pulls.
 */
class RegistryFaultsIT {
    private static final int ROUNDS = Integer.getInteger("drydock.faults.rounds", 12);
    private static final long SEED = Long.getLong("drydock.faults.seed", 20_260_101);
    private static final int WORKERS = 4;

    private Path temp;

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        temp = Files.createTempDirectory(Leftovers.MARK + "faults-");
    }

    @AfterEach
    void close() throws Exception {
        if (temp != null) {
            Command.of("rm", "-rf", temp.toString()).run().ok();
        }
    }

    @Test
    void nothingIsLost() throws Exception {
        String basic = Base64.getEncoder().encodeToString("demo:s3cret".getBytes(StandardCharsets.UTF_8));
        try (Registry registry = Registry.withPassword(temp.resolve("registry"), "demo", "s3cret");
                FaultProxy proxy = new FaultProxy(registry.host(), SEED, 0.35, "Basic " + basic);
                ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            String auths = "{\"auths\":{\"127.0.0.1:%1$d\":{\"auth\":\"%2$s\"},\"localhost:%1$d\":{\"auth\":\"%2$s\"}}}"
                    .formatted(proxy.port(), basic);
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Path own = Files.createDirectories(temp.resolve("worker" + i));
                // every other one sends what it makes in parts
                Map<String, String> settings = Map.of(
                        "DOCKER_AUTH_CONFIG",
                        auths,
                        "DRYDOCK_STALL_TIMEOUT",
                        "10",
                        "DRYDOCK_UPLOAD_PART",
                        i % 2 == 0 ? "128" : "0");
                RegistryAccess access = new RegistryAccess(settings, temp, Set.of());
                all.add(workers.submit(() -> {
                    try (Drydock here = Drydock.open(own.resolve("here"), access);
                            Drydock there = Drydock.open(own.resolve("there"), access)) {
                        for (int round = next.getAndIncrement(); round < ROUNDS; round = next.getAndIncrement()) {
                            round(round, own, here, there, proxy.port());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            System.out.println(2 * ROUNDS + " pushes and " + 2 * ROUNDS + " pulls, seed " + SEED + ": "
                    + proxy.requests() + " requests, of them " + proxy.done());
            assertThat(proxy.leaks()).as("credentials shown to another host").isEmpty();
            for (int i = 0; i < WORKERS; i++) {
                for (String store : List.of("here", "there")) {
                    assertThat(files(temp.resolve("worker" + i).resolve(store).resolve("tmp")))
                            .isEmpty();
                }
            }
        }
    }

    /** Push what was made, pull it elsewhere, push that under another host's name, and pull it back. */
    private static void round(int round, Path own, Drydock here, Drydock there, int port) throws Exception {
        Random random = new Random(SEED + round);
        Path context = Files.createDirectories(own.resolve("context"));
        List<Digest> contents = new ArrayList<>();
        StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
        for (int i = 0; i < 3; i++) {
            byte[] bytes = new byte[1 + random.nextInt(i == 2 ? 1_500_000 : 200_000)];
            random.nextBytes(bytes);
            contents.add(Digest.of(bytes));
            Files.write(context.resolve("f" + i), bytes);
            dockerfile.append("COPY f").append(i).append(" /d").append(i).append("/\n");
        }
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        Digest id = here.build(BuildRequest.of(context), _ -> {}).imageId();
        ImageRef first = ImageRef.parse("127.0.0.1:" + port + "/r" + round + ":1");
        ImageRef second = ImageRef.parse("localhost:" + port + "/copy/r" + round + ":1");
        here.tag(id.toString(), first);
        Digest pushed = here.push(first, _ -> {}).digest();

        assertThat(there.pull(first, Platform.host(), _ -> {}).digest()).isEqualTo(pushed);
        check(own.resolve("there"), contents);
        there.tag(first.toString(), second);
        assertThat(there.push(second, _ -> {}).digest()).isEqualTo(pushed);
        here.remove(first.toString(), Drydock.Force.YES);

        assertThat(here.pull(second, Platform.host(), _ -> {}).digest()).isEqualTo(pushed);
        assertThat(here.image(second.toString()).id()).isEqualTo(id);
        check(own.resolve("here"), contents);
        for (Drydock store : List.of(here, there)) {
            for (var image : store.images()) {
                store.remove(image.id().toString(), Drydock.Force.YES);
            }
        }
    }

    /** The layers of a store hold files of these contents. */
    private static void check(Path store, List<Digest> contents) throws IOException {
        List<Digest> found = new ArrayList<>();
        for (Path file : files(store.resolve("layers"))) {
            if (file.getFileName().toString().matches("f\\d")) {
                found.add(Digest.of(Files.readAllBytes(file)));
            }
        }
        assertThat(found).containsAll(contents);
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
