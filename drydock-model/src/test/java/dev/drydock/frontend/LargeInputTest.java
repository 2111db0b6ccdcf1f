package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.ignore.IgnoreFile;
import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.oci.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts of megabytes end in a plan or in a fault. What is linear takes a second or two; the time limits only end what is
 * quadratic, which would take many minutes.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeInputTest {
    /** By what is large in them. */
    static Map<String, Supplier<String>> dockerfiles(int scale) {
        Map<String, Supplier<String>> all = new LinkedHashMap<>();
        int bytes = 100 * scale;
        all.put("one ENV word", () -> "FROM scratch\nENV a=\"" + "x".repeat(bytes) + "\"\n");
        all.put("one RUN", () -> "FROM busybox\nRUN " + "x y ".repeat(bytes / 4) + "\n");
        all.put("one RUN of many lines", () -> "FROM busybox\nRUN " + "x y \\\n".repeat(bytes / 6) + " z\n");
        all.put("one COPY of many sources", () -> "FROM scratch\nCOPY " + "a ".repeat(bytes / 2) + "/d/\n");
        all.put("one JSON RUN", () -> "FROM busybox\nRUN [" + "\"x\",".repeat(bytes / 4) + "\"y\"]\n");
        all.put("one LABEL", () -> "FROM scratch\nLABEL " + each(scale, i -> "k" + i + "=v ") + "\n");
        all.put(
                "one ENV of many",
                () -> "FROM scratch\nENV " + each(scale, i -> "k" + i + "=$k" + (i - 1) + "v ") + "\n");
        all.put("one ARG of many", () -> "FROM scratch\nARG " + each(scale, i -> "k" + i + "=v ") + "\n");
        all.put("one EXPOSE of many", () -> "FROM scratch\nEXPOSE " + each(scale, i -> (i % 65535 + 1) + " ") + "\n");
        all.put("one quote that never ends", () -> "FROM scratch\nENV a=\"" + "\\\"".repeat(bytes / 2) + "\n");
        all.put("dollars", () -> "FROM scratch\nENV a=" + "$".repeat(bytes) + "\n");
        all.put("open braces", () -> "FROM scratch\nENV a=" + "${a:-".repeat(scale) + "x" + "}".repeat(scale) + "\n");
        all.put("braces that stay open", () -> "FROM scratch\nENV a=" + "${a:-".repeat(scale) + "\n");
        all.put(
                "replacements",
                () -> "FROM scratch\nENV a=" + "x".repeat(scale) + "\nENV b=${a//x/yy}${a##*y}${a%%x*}\n");
        all.put("ARGs", () -> each(scale, i -> "ARG a" + i + "=" + i + "\n") + "FROM scratch\nARG a1\nENV b=$a1\n");
        all.put("ARGs of a stage", () -> "FROM scratch\n" + each(scale, i -> "ARG a" + i + "=$a" + (i - 1) + "\n"));
        all.put("ENVs", () -> "FROM scratch\n" + each(scale / 10, i -> "ENV a" + i + "=$a" + (i - 1) + "\n"));
        all.put(
                "stages",
                () -> each(scale / 10, i -> "FROM " + (i == 0 ? "scratch" : "s" + (i - 1)) + " AS s" + i + "\n"));
        all.put(
                "stages that each add",
                () -> each(
                        scale / 10,
                        i -> "FROM " + (i == 0 ? "scratch" : "s" + (i - 1)) + " AS s" + i + "\nARG a" + i + "=1\nENV e"
                                + i + "=$a" + i + "\nLABEL l" + i + "=1\nWORKDIR /" + i + "\n"));
        all.put(
                "stages that copy",
                () -> "FROM scratch AS s0\n"
                        + each(scale / 10, i -> "FROM scratch AS s" + (i + 1) + "\nCOPY --from=s" + i + " / /\n"));
        all.put("RUNs", () -> "FROM busybox\n" + "RUN x\n".repeat(scale / 10));
        all.put("COPYs", () -> "FROM scratch\n" + "COPY a b\n".repeat(scale / 10));
        all.put("heredoc lines", () -> "FROM busybox\nRUN <<E\n" + "echo\n".repeat(scale) + "E\n");
        all.put("a heredoc that never ends", () -> "FROM busybox\nRUN <<E\n" + "echo\n".repeat(scale));
        all.put(
                "heredocs",
                () -> "FROM scratch\nCOPY " + each(scale / 10, i -> "<<E" + i + " ") + "/d/\n"
                        + each(scale / 10, i -> "x\nE" + i + "\n"));
        all.put("comments", () -> "# x\n".repeat(scale) + "FROM scratch\n");
        all.put("comments in a RUN", () -> "FROM busybox\nRUN x \\\n" + "# x\n".repeat(scale) + "y\n");
        all.put("directives", () -> "# a=b\n".repeat(scale) + "FROM scratch\n");
        all.put("blank lines", () -> "\n".repeat(bytes) + "FROM scratch\n");
        all.put("ONBUILDs", () -> "FROM scratch\n" + "ONBUILD RUN x\n".repeat(scale / 10));
        all.put(
                "mounts",
                () -> "FROM busybox\nRUN " + each(scale / 10, i -> "--mount=type=cache,target=/c" + i + " ") + "x\n");
        all.put("flags", () -> "FROM scratch\nCOPY " + "--exclude=x ".repeat(scale / 10) + "a b\n");
        all.put("unknown flags", () -> "FROM scratch\nCOPY " + each(scale / 10, i -> "--x" + i + "=1 ") + "a b\n");
        all.put(
                "a stage name nearly right",
                () -> each(scale / 10, i -> "FROM scratch AS st" + i + "\n") + "FROM scratch\nCOPY --from=ts1 / /\n");
        all.put("no instruction", () -> "x".repeat(bytes) + "\n");
        all.put("VOLUMEs", () -> "FROM scratch\n" + each(scale / 10, i -> "VOLUME /v" + i + "\n"));
        all.put("WORKDIRs", () -> "FROM scratch\n" + "WORKDIR a\n".repeat(scale / 100));
        return all;
    }

    private static String each(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining());
    }

    static void plan(String text) throws InterruptedException {
        try {
            BuildOptions options = BuildOptions.defaults(new Platform("linux", "amd64"));
            new DockerfileFrontend()
                    .plan(new Frontend.Definition("Dockerfile", text), options, new FakeImages(), _ -> {});
        } catch (DrydockException fault) {
            assertThat(fault).isNotInstanceOf(Bug.class);
            assertThat(fault.text().length()).isLessThan(text.length() + 1000);
        }
    }

    private static String text(String name, int scale) {
        return Objects.requireNonNull(dockerfiles(scale).get(name)).get();
    }

    static Iterable<String> names() {
        return dockerfiles(100).keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aLargeDockerfileIsPlannedOrRefused(String name) throws InterruptedException {
        plan(text(name, 100_000));
    }

    static void ignore(int scale) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < scale; i++) {
            text.append(i % 3 == 0 ? "!" : "")
                    .append("d")
                    .append(i % 100)
                    .append("/**/f")
                    .append(i)
                    .append("*\n");
        }
        IgnoreMatcher matcher = IgnoreMatcher.of(IgnoreFile.parse(text.toString()));
        for (int i = 0; i < 10; i++) {
            assertThat(matcher.ignored("d1/x/f" + (3 * i * 100 + 101) + "y")).isIn(true, false);
        }
        IgnoreFile.lineOf(text.toString(), "d1/**/f1*");
    }

    @Test
    void aLargeIgnoreFileIsUsed() {
        ignore(100_000);
    }

    @Test
    void patternsThatCouldMatchInManyWaysDoNot() {
        String path = "a/".repeat(200) + "b";
        for (String pattern : new String[] {
            "**/a/".repeat(30) + "c", "*a".repeat(50) + "c", "**/*a*".repeat(20) + "c", "a*".repeat(100) + "?c"
        }) {
            assertThat(IgnoreMatcher.of(java.util.List.of(pattern)).ignored(path))
                    .isFalse();
            assertThat(IgnoreMatcher.of(java.util.List.of(pattern)).ignored("a".repeat(5000)))
                    .isFalse();
        }
    }

    /** By hand: how the time grows when the text does. */
    public static void main(String[] arguments) throws InterruptedException {
        names().forEach(name -> time(() -> plan(text(name, 1000))));
        for (String name : names()) {
            long small = time(() -> plan(text(name, 25_000)));
            long large = time(() -> plan(text(name, 100_000)));
            System.out.printf("%-30s %6d ms, four times as much: %6d ms%n", name, small, large);
        }
        System.out.printf("ignore %d, %d ms%n", time(() -> ignore(25_000)), time(() -> ignore(100_000)));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static long time(Work work) {
        long start = System.nanoTime();
        try {
            work.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (StackOverflowError e) {
            System.out.println("STACK");
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
