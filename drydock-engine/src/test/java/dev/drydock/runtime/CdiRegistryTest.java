package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Device descriptions as the CDI specification and BuildKit's manual show them. */
final class CdiRegistryTest {
    private static final String MANUAL = """
            cdiVersion: "0.6.0"
            kind: "vendor1.com/device"
            devices:
              - name: foo
                containerEdits:
                  env:
                    - FOO=injected
              - name: bar
                annotations:
                  org.mobyproject.buildkit.device.class: class1
                containerEdits:
                  env:
                    - BAR=injected
              - name: baz
                annotations:
                  org.mobyproject.buildkit.device.class: class1
                containerEdits:
                  env:
                    - BAZ=injected
              - name: qux
                annotations:
                  org.mobyproject.buildkit.device.class: class2
                containerEdits:
                  env:
                    - QUX=injected
            annotations:
              org.mobyproject.buildkit.device.autoallow: true
            """;

    @TempDir
    private Path directory;

    private CdiRegistry registry() {
        return CdiRegistry.of(Map.of("DRYDOCK_CDI_SPEC_DIRS", directory + "/first:" + directory + "/second"));
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, text);
    }

    @Test
    void aWishIsANameAKindAllOfAKindOrAClass() throws IOException {
        write("first/a.yaml", MANUAL);
        CdiRegistry registry = registry();
        assertThat(registry.find("vendor1.com/device=foo")).containsExactly("vendor1.com/device=foo");
        assertThat(registry.find("vendor1.com/device")).containsExactly("vendor1.com/device=bar");
        assertThat(registry.find("vendor1.com/device=*")).hasSize(4);
        assertThat(registry.find("class1")).containsExactly("vendor1.com/device=bar", "vendor1.com/device=baz");
        assertThat(registry.find("class2")).containsExactly("vendor1.com/device=qux");
        assertThat(registry.find("vendor1.com/device=other")).isEmpty();
        assertThat(registry.isFree("vendor1.com/device=foo")).isTrue();
        assertThat(registry.edits(registry.find("class1")).env()).containsExactly("BAR=injected", "BAZ=injected");
    }

    @Test
    void everyKindOfEditIsRead() throws IOException {
        write("first/gpu.json", """
                {"cdiVersion": "0.7.0", "kind": "acme.com/gpu",
                 "containerEdits": {"env": ["ALL=1"], "hooks": [{"hookName": "createContainer", "path": "/bin/hook",
                   "args": ["hook", "x"], "env": ["A=b"], "timeout": 5}]},
                 "devices": [
                  {"name": "0", "containerEdits": {
                    "deviceNodes": [{"path": "/dev/gpu0", "hostPath": "/dev/full", "permissions": "rw", "uid": 7, "fileMode": 438}],
                    "mounts": [{"hostPath": "/usr/lib/gpu", "containerPath": "/opt/gpu", "options": ["ro", "nosuid", "bind"]},
                               {"hostPath": "/var/gpu", "containerPath": "/var/gpu", "options": ["rw", "bind"]},
                               {"hostPath": "tmpfs", "containerPath": "/t", "type": "tmpfs"}],
                    "additionalGids": [44, 109]}},
                  {"name": "1", "containerEdits": {"env": ["ONE=1"]}}]}
                """);
        DeviceEdits edits = registry().edits(List.of("acme.com/gpu=0", "acme.com/gpu=1"));
        assertThat(edits.env()).as("what is of all devices counts once").containsExactly("ALL=1", "ONE=1");
        assertThat(edits.nodes())
                .containsExactly(new DeviceEdits.Node("/dev/gpu0", "/dev/full", "c", 1, 7, 0666, 7, 0, "rw"));
        assertThat(edits.binds())
                .containsExactly(
                        new ProcessSpec.Bind.HostPath("/opt/gpu", Path.of("/usr/lib/gpu"), true),
                        new ProcessSpec.Bind.HostPath("/var/gpu", Path.of("/var/gpu"), false),
                        new ProcessSpec.Bind.Tmpfs("/t", 0));
        assertThat(edits.groups()).containsExactly(44, 109);
        assertThat(edits.hooks()).hasSize(1);
        assertThat(edits.hooks().getFirst().moment()).isEqualTo("createContainer");
        assertThat(edits.hooks().getFirst().program().compact())
                .isEqualTo("{\"path\":\"/bin/hook\",\"args\":[\"hook\",\"x\"],\"env\":[\"A=b\"],\"timeout\":5}");
    }

    @Test
    void theLaterDirectoryCountsAndBadFilesAreNamed() throws IOException {
        write("first/a.yaml", MANUAL);
        write("second/b.yml", """
                # another
                kind: vendor1.com/device   # the same
                containerEdits: {}
                devices:
                - name: 'foo'
                  containerEdits:
                    env: [ "FOO=it's: second", B=2 ]
                """);
        write("second/broken.yaml", "kind: x.com/y\ndevices: &anchor\n- name: z\n");
        CdiRegistry registry = registry();
        assertThat(registry.edits(List.of("vendor1.com/device=foo")).env()).containsExactly("FOO=it's: second", "B=2");
        assertThat(registry.isFree("vendor1.com/device=foo")).isFalse();
        assertThat(registry.unreadable()).hasSize(1);
        assertThat(registry.unreadable().getFirst()).contains("broken.yaml", "line 2");
    }

    @Test
    void aDeviceFileThatIsNotThereIsNamed() throws IOException {
        write("first/a.yaml", """
                kind: acme.com/gpu
                devices:
                - name: "0"
                  containerEdits:
                    deviceNodes:
                    - path: /dev/no-such-gpu
                """);
        assertThatThrownBy(() -> registry().edits(List.of("acme.com/gpu=0")))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining("device acme.com/gpu=0: /dev/no-such-gpu is not there");
    }
}
