package dev.drydock.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which of an index's manifests a platform gets: the exact one, else one that its processor also runs. */
public final class PlatformChoice {
    private PlatformChoice() {}

    /** The manifest for a platform; empty if there is none. Attestations are passed over. */
    public static Optional<Descriptor> of(Index index, Platform wanted) {
        for (Platform acceptable : acceptable(wanted)) {
            for (Descriptor manifest : index.manifests()) {
                Platform has = manifest.platform();
                if (has != null && matches(has, acceptable)) {
                    return Optional.of(manifest);
                }
            }
        }
        // An index of one manifest that names no platform, as some tools write it.
        List<Descriptor> silent = index.manifests().stream()
                .filter(each -> each.platform() == null)
                .toList();
        return index.manifests().size() == 1 && silent.size() == 1 ? Optional.of(silent.getFirst()) : Optional.empty();
    }

    private static boolean matches(Platform has, Platform wanted) {
        Platform normal = Platform.parse(has.os() + "/" + has.architecture()
                + (has.variant() == null || has.variant().isEmpty() ? "" : "/" + has.variant()));
        return normal.os().equals(wanted.os())
                && normal.architecture().equals(wanted.architecture())
                && String.valueOf(normal.variant()).equals(String.valueOf(wanted.variant()));
    }

    /** What runs on a platform, the best first. */
    private static List<Platform> acceptable(Platform wanted) {
        List<Platform> all = new ArrayList<>();
        all.add(wanted);
        switch (wanted.architecture()) {
            case "amd64" -> {
                for (int version = number(wanted.variant(), 1) - 1; version > 1; version--) {
                    all.add(new Platform(wanted.os(), "amd64", "v" + version, null));
                }
                if (wanted.variant() != null) {
                    all.add(new Platform(wanted.os(), "amd64"));
                }
                all.add(new Platform(wanted.os(), "386"));
            }
            case "arm64" -> {
                if (wanted.variant() != null) {
                    all.add(new Platform(wanted.os(), "arm64"));
                }
                arm(wanted.os(), 8, all);
            }
            case "arm" -> arm(wanted.os(), number(wanted.variant(), 7) - 1, all);
            default -> {}
        }
        return all;
    }

    private static void arm(String os, int from, List<Platform> all) {
        for (int version = from; version >= 5; version--) {
            all.add(new Platform(os, "arm", "v" + version, null));
        }
    }

    private static int number(@org.jspecify.annotations.Nullable String variant, int otherwise) {
        return variant != null && variant.matches("v\\d") ? variant.charAt(1) - '0' : otherwise;
    }
}
