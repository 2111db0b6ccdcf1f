package dev.drydock.runtime;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.oci.JsonValue;
import java.nio.file.Path;
import java.util.Optional;

/** A device file as a description names it; what that leaves out is what the host's file has. */
final class CdiNode {
    private CdiNode() {}

    static DeviceEdits.Node of(String device, JsonValue.Obj node) {
        String path = String.valueOf(CdiRegistry.text(node, "path"));
        String named = CdiRegistry.text(node, "hostPath");
        String host = named == null ? path : named;
        Optional<FileStat> stat = stat(Path.of(host));
        if (stat.isEmpty()) {
            throw new UserFault("device " + device + ": " + host + " is not there")
                    .hint("Its description is older than this start of the machine, or its driver is not loaded.");
        }
        FileStat found = stat.get();
        String type = CdiRegistry.text(node, "type");
        String access = CdiRegistry.text(node, "permissions");
        return new DeviceEdits.Node(
                path,
                host,
                type != null
                        ? type
                        : found.type() == FileStat.BLOCK_DEVICE ? "b" : found.type() == FileStat.FIFO ? "p" : "c",
                CdiRegistry.number(node, "major").orElse(found.major()),
                CdiRegistry.number(node, "minor").orElse(found.minor()),
                CdiRegistry.number(node, "fileMode").orElse(found.permissions()) & 07777,
                CdiRegistry.number(node, "uid").orElse(found.uid()),
                CdiRegistry.number(node, "gid").orElse(found.gid()),
                access == null || access.isEmpty() ? "rwm" : access);
    }

    private static Optional<FileStat> stat(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !java.nio.file.Files.isDirectory(parent)) {
            return Optional.empty();
        }
        try (Directory directory = Directory.open(parent)) {
            return directory.find(file.getFileName().toString());
        }
    }
}
