package dev.drydock.runtime;

import dev.drydock.oci.JsonValue;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The system call filter of this host's sandboxed steps. It is the same for all of them, so it is put together once, and
 * crun, which takes a compiled filter, need not compile it for each step: that took two thirds of its time.
 */
final class StepFilter {
    /** Wins over the profile where crun knows it, and is ignored where it does not. */
    private static final String COMPILED = "run.oci.seccomp_bpf_data";

    private final Host host;
    private final JsonValue profile;
    private final @Nullable String compiled;

    private StepFilter(Host host, JsonValue profile, @Nullable String compiled) {
        this.host = host;
        this.profile = profile;
        this.compiled = compiled;
    }

    static StepFilter of(Host host) {
        return new StepFilter(host, SeccompProfile.of(host, Capabilities.sandbox(host.capabilities())), null);
    }

    /** The same as this runtime has it best. */
    StepFilter with(OciRuntime runtime) {
        return runtime.knowsOfYoungerCalls()
                ? new StepFilter(
                        host,
                        SeccompProfile.brief(host, Capabilities.sandbox(host.capabilities()), runtime.x32()),
                        null)
                : new StepFilter(host, profile, runtime.filter());
    }

    /** Differs where another profile was compiled. */
    String fingerprint() {
        CRC32 sum = new CRC32();
        sum.update(profile.bytes());
        return Long.toHexString(sum.getValue());
    }

    JsonValue profile() {
        return profile;
    }

    /** Puts what the runtime needs beside the profile. */
    void annotate(JsonValue.Members spec) {
        if (compiled != null) {
            spec.put("annotations", JsonValue.object().put(COMPILED, compiled).build());
        }
    }

    /**
     * What a step must do so that a file has the filter that crun compiled for it: crun keeps it beside what it knows of a
     * container that runs.
     *
     * @param state crun's directory for the container
     */
    static DeviceEdits keeping(Path state, Path copier, Path file) {
        JsonValue hook = JsonValue.object()
                .put("path", copier.toString())
                .put(
                        "args",
                        JsonValue.strings(
                                List.of("cp", state.resolve("seccomp.bpf").toString(), file.toString())))
                .build();
        return new DeviceEdits(
                List.of(), List.of(), List.of(), List.of(), List.of(new DeviceEdits.Hook("poststart", hook)));
    }

    /** As {@link OciRuntime#filter()} has it; null if the bytes are no such filter. */
    static @Nullable String compiled(byte[] program) {
        // eight bytes an instruction, and the last one returns
        boolean whole = program.length > 0 && program.length % 8 == 0 && program[program.length - 8] == 6;
        return whole ? Base64.getEncoder().encodeToString(program) : null;
    }
}
