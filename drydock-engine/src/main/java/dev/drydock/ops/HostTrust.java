package dev.drydock.ops;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.runtime.StepDirectory;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CA certificates of the host's, or of files that the caller names, for a step, beside the image's own, without a byte of them in a layer: one bundle, mounted
 * read-only below {@code /dev}, which is no part of the image, and over the bundles that the image has; variables point
 * the usual programs to it. Nothing of it is in the cache key.
 */
public final class HostTrust {
    /** Where the distributions keep their bundle: Debian and Alpine, Red Hat, SUSE, BSD. */
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private static final List<String> VARIABLES = List.of(
            "SSL_CERT_FILE",
            "CURL_CA_BUNDLE",
            "REQUESTS_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS",
            "CARGO_HTTP_CAINFO",
            "GIT_SSL_CAINFO",
            "PIP_CERT");

    /** In a file system of the sandbox's own, so that not even the mount point touches the image. */
    static final String IN_STEP = "/dev/drydock/host-ca-certificates.crt";

    /** Settings for apt, which takes no variable but one for a file of settings. */
    private static final String APT_CONFIG = "/dev/drydock/apt.conf";

    private final List<Path> files;

    private HostTrust(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** Files of certificates. */
    public static HostTrust of(List<Path> files) {
        return new HostTrust(files);
    }

    /**
     * The bundle of this host: the one that {@code SSL_CERT_FILE} names, else the first of the distributions' places.
     *
     * @param environment of this process
     * @throws EnvironmentFault if there is none
     */
    public static Path find(Map<String, String> environment) {
        List<String> places = new ArrayList<>(BUNDLES);
        Optional.ofNullable(environment.get("SSL_CERT_FILE")).ifPresent(places::addFirst);
        for (String place : places) {
            if (place.startsWith("/") && Files.isReadable(Path.of(place))) {
                return Path.of(place);
            }
        }
        throw new EnvironmentFault("trust host: no CA bundle found: looked at " + String.join(", ", places))
                .hint("Install ca-certificates, or set SSL_CERT_FILE to a file of certificates.");
    }

    /** What a step needs to see it; {@code directory} takes files that live as long as the step. */
    List<ProcessSpec.Bind> binds(LayeredTree root, List<String> env, StepDirectory directory) {
        Set<String> own = new LinkedHashSet<>();
        for (String place : BUNDLES) {
            String real = root.resolve(place);
            if (root.lstat(real).filter(TreeNode::isFile).isPresent()) {
                own.add(real);
            }
        }
        byte[] added = added();
        Path joined = directory.write("trusted.crt", joined(root, own, added));
        List<ProcessSpec.Bind> binds = new ArrayList<>();
        JavaTrust.joined(root, env, added).forEach((place, store) -> {
            Path file = directory.write("cacerts" + binds.size(), store);
            binds.add(new ProcessSpec.Bind.HostPath(place, file, true));
        });
        byte[] apt = ("Acquire::https::CAInfo \"" + IN_STEP + "\";\n").getBytes(StandardCharsets.UTF_8);
        binds.add(new ProcessSpec.Bind.HostPath(APT_CONFIG, directory.write("apt.conf", apt), true));
        binds.add(new ProcessSpec.Bind.HostPath(IN_STEP, joined, true));
        for (String place : own) {
            binds.add(new ProcessSpec.Bind.HostPath(place, joined, true));
        }
        return binds;
    }

    private byte[] added() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Path file : files) {
            try {
                bytes.writeBytes(Files.readAllBytes(file));
                bytes.write('\n');
            } catch (IOException e) {
                throw Disk.fault("trust: read " + file, e);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(LayeredTree root, Set<String> own, byte[] added) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!own.isEmpty()) {
            TreeNode first = root.lstat(own.iterator().next()).orElseThrow();
            bytes.writeBytes(LayeredTree.readBytes(first));
            bytes.write('\n');
        }
        bytes.writeBytes(added);
        return bytes.toByteArray();
    }

    /** The step's environment with the variables that it does not set itself. */
    static List<String> environment(List<String> env) {
        List<String> all = new ArrayList<>(env);
        for (String name : VARIABLES) {
            add(all, name, IN_STEP);
        }
        add(all, "APT_CONFIG", APT_CONFIG);
        return all;
    }

    private static void add(List<String> env, String name, String value) {
        if (env.stream().noneMatch(variable -> variable.startsWith(name + "="))) {
            env.add(name + "=" + value);
        }
    }
}
