package dev.drydock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Root, or a plain user who is made for a test: somebody with a store that has {@code busybox:1.37}, who builds. */
final class Builder implements AutoCloseable {
    private final Store store;
    private final PlainUser user;

    /** Who builds. */
    enum Who {
        ROOT,
        PLAIN_USER
    }

    private Builder(Store store, PlainUser user) {
        this.store = store;
        this.user = user;
    }

    static Builder create(Who who) throws IOException, InterruptedException {
        Store store = Store.create().withBusybox();
        if (who == Who.ROOT) {
            return new Builder(store, null);
        }
        Builder builder = new Builder(store, PlainUser.create(PlainUser.Ids.RANGE));
        Path tar = Files.copy(store.busyboxTar(), builder.user.home().resolve("busybox.tar"));
        builder.drydock(Map.of(), "import", tar.toString(), "busybox:1.37")
                .run()
                .ok();
        return builder;
    }

    /** Where its files are. */
    Path home() throws IOException {
        return user == null ? store.directory("home") : user.home();
    }

    Path store() {
        return user == null ? store.root() : user.home().resolve("store");
    }

    /** A directory of its own. */
    Path directory(String name) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(home().resolve(name));
        own(directory);
        return directory;
    }

    /** A file of its own; directories on the way are made. */
    Path write(String path, String text) throws IOException, InterruptedException {
        Path file = home().resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        own(home().resolve(Path.of(path).getName(0)));
        return file;
    }

    /** Makes it the owner of what a test has put below its home. */
    void own(Path path) throws IOException, InterruptedException {
        if (user != null) {
            Command.of("chown", "-R", user.name() + ":", path.toString()).run().ok();
        }
    }

    Command drydock(Map<String, String> environment, String... arguments) {
        if (user == null) {
            Command command = store.drydock(arguments);
            environment.forEach(command::with);
            return command;
        }
        List<String> words =
                new ArrayList<>(List.of("NO_COLOR=1", "HTTPS_PROXY=http://127.0.0.1:9", "DRYDOCK_ROOT=" + store()));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.add(store.drydock().words().getFirst());
        words.addAll(List.of(arguments));
        return user.run(words.toArray(String[]::new));
    }

    void assertNothingLeft() throws Exception {
        store.assertNothingLeft();
        if (user != null) {
            user.assertNoProcess();
        }
    }

    @Override
    public void close() throws Exception {
        try (store) {
            if (user != null) {
                user.close();
            }
        }
    }
}
