package dev.drydock.frontend;

import dev.drydock.dockerfile.GoDuration;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.oci.ImageConfig.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** HEALTHCHECK, whose flags the parser has checked. */
final class HealthcheckInstruction {
    private HealthcheckInstruction() {}

    static void apply(StageState state, Command command, Instruction.Healthcheck check) {
        state.rules().once(command);
        String retries = check.retries();
        Healthcheck healthcheck = new Healthcheck(
                test(check.command()),
                duration(check.interval()),
                duration(check.timeout()),
                duration(check.startPeriod()),
                duration(check.startInterval()),
                retries == null || retries.isEmpty() ? 0 : Integer.parseInt(retries));
        state.config().healthcheck = healthcheck;
        state.config()
                .metadata("HEALTHCHECK {Test:" + GoFormat.list(healthcheck.test())
                        + " Interval:" + GoFormat.duration(healthcheck.interval())
                        + " Timeout:" + GoFormat.duration(healthcheck.timeout())
                        + " StartPeriod:" + GoFormat.duration(healthcheck.startPeriod())
                        + " StartInterval:" + GoFormat.duration(healthcheck.startInterval())
                        + " Retries:" + healthcheck.retries() + "}");
    }

    private static List<String> test(Instruction.@Nullable Command command) {
        return switch (command) {
            case null -> List.of("NONE");
            case Instruction.Command.Shell(String text) -> List.of("CMD-SHELL", text);
            case Instruction.Command.Exec(List<String> args) -> {
                List<String> test = new ArrayList<>(List.of("CMD"));
                test.addAll(args);
                yield test;
            }
        };
    }

    private static Duration duration(@Nullable String text) {
        return text == null || text.isEmpty() ? Duration.ZERO : Duration.ofNanos(GoDuration.nanos(text));
    }
}
