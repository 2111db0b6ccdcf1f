package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.linux.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host made of files that say what those of one with SELinux say. */
class SelinuxLabelsTest {
    private static final SelinuxLabels CONTAINER =
            new SelinuxLabels("system_u:system_r:container_t:s0", "system_u:object_r:container_file_t:s0");

    @TempDir
    private Path root;

    private SelinuxLabels.Places host;
    private Path store;

    @BeforeEach
    void makeHost() throws IOException {
        host = new SelinuxLabels.Places(root.resolve("fs"), root.resolve("current"), root.resolve("etc"));
        Files.createDirectories(host.fileSystem());
        Files.writeString(host.fileSystem().resolve("enforce"), "1");
        Files.writeString(host.current(), "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0");
        Path contexts = Files.createDirectories(host.policies().resolve("targeted/contexts"));
        Files.writeString(
                host.policies().resolve("config"), "# SELINUXTYPE=mls\nSELINUX=enforcing\nSELINUXTYPE=targeted\n");
        Files.writeString(contexts.resolve("lxc_contexts"), """
                process = "system_u:system_r:container_t:s0"
                content = "system_u:object_r:virt_var_lib_t:s0"
                file = "system_u:object_r:container_file_t:s0"
                ro_file="system_u:object_r:container_ro_file_t:s0"
                """);
        store = Files.createDirectory(root.resolve("store"));
    }

    private void label(String label) {
        Requires.root(); // without SELinux in the kernel root alone writes labels
        try (Directory directory = Directory.open(store)) {
            directory.xattrs().set("security.selinux", (label + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void thePolicySaysWhatContainersAre() {
        assertThat(SelinuxLabels.ofPolicy(host)).contains(CONTAINER);
        assertThat(CONTAINER.fileType()).isEqualTo("container_file_t");
    }

    @Test
    void withoutAPolicyThatIsAskedThereAreNone() throws IOException {
        Files.writeString(host.current(), "kernel\0");
        assertThat(SelinuxLabels.ofPolicy(host)).isEmpty();
        Files.writeString(host.current(), "docker-default (enforce)\n");
        Files.delete(host.fileSystem().resolve("enforce"));
        assertThat(SelinuxLabels.ofPolicy(host)).as("AppArmor").isEmpty();
    }

    @Test
    void aPolicyWithoutContainersHasNone() throws IOException {
        Files.delete(host.policies().resolve("targeted/contexts/lxc_contexts"));
        assertThat(SelinuxLabels.ofPolicy(host)).isEmpty();
        Files.delete(host.policies().resolve("config"));
        assertThat(SelinuxLabels.ofPolicy(host)).isEmpty();
    }

    @Test
    void stepsAreConfinedWhereTheStoreIsAPlaceForContainers() {
        assertThat(SelinuxLabels.forStore(store, host)).isNull();
        label("unconfined_u:object_r:user_home_t:s0");
        assertThat(SelinuxLabels.forStore(store, host)).isNull();
        label("unconfined_u:object_r:container_file_t:s0");
        assertThat(SelinuxLabels.forStore(store, host)).isEqualTo(CONTAINER);
    }
}
