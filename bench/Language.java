import dev.drydock.frontend.BuildOptions;
import dev.drydock.frontend.DockerfileFrontend;
import dev.drydock.frontend.Frontend;
import dev.drydock.frontend.Resolver;
import dev.drydock.ignore.IgnoreFile;
import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Times what needs no disk, in a warm JVM: prints {@code name<TAB>median ms<TAB>least ms} for each. */
class Language {
    private static final int WARM = 30;
    private static final int ROUNDS = 21;

    interface Work {
        /** How much was done, so that it is known to have been. */
        int run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        String text = dockerfile();
        if (text.lines().count() != 2000) {
            throw new AssertionError(text.lines().count() + " lines");
        }
        Resolver resolver = (Resolver) java.lang.reflect.Proxy.newProxyInstance(
                Language.class.getClassLoader(), new Class<?>[] {Resolver.class}, (_, method, _) -> {
                    throw new AssertionError(method + " is not asked for FROM scratch");
                });
        time("plan", 2000, () -> {
            var plan = new DockerfileFrontend()
                    .plan(
                            new Frontend.Definition("Dockerfile", text),
                            BuildOptions.defaults(new Platform("linux", "amd64")),
                            resolver,
                            _ -> {});
            return plan.graph().vertices().size() > 500 ? 2000 : 0;
        });
        List<String> paths = paths();
        List<String> patterns = patterns();
        time("ignore", 100_000, () -> {
            IgnoreMatcher matcher = IgnoreMatcher.of(IgnoreFile.parse(String.join("\n", patterns)));
            int asked = 0;
            int hidden = 0;
            Map<String, IgnoreMatcher.State> directories = new HashMap<>(); // as a walk of the files has them
            for (String path : paths) {
                asked++;
                int slash = path.lastIndexOf('/');
                hidden += state(directories, matcher, path.substring(0, slash))
                                .child(path.substring(slash + 1))
                                .ignored()
                        ? 1
                        : 0;
            }
            return hidden > 1000 && hidden < 99_000 ? asked : 0;
        });
    }

    private static IgnoreMatcher.State state(
            Map<String, IgnoreMatcher.State> directories, IgnoreMatcher matcher, String directory) {
        IgnoreMatcher.State known = directories.get(directory);
        if (known == null) {
            int slash = directory.lastIndexOf('/');
            known = (slash < 0 ? matcher.root() : state(directories, matcher, directory.substring(0, slash)))
                    .child(directory.substring(slash + 1));
            directories.put(directory, known);
        }
        return known;
    }

    private static void time(String name, int expected, Work work) throws Exception {
        long[] nanos = new long[ROUNDS];
        for (int i = -WARM; i < ROUNDS; i++) {
            long start = System.nanoTime();
            int done = work.run();
            nanos[Math.max(i, 0)] = System.nanoTime() - start;
            if (done != expected) {
                throw new AssertionError(name + ": " + done);
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%s\t%.1f\t%.1f%n", name, nanos[ROUNDS / 2] / 1e6, nanos[0] / 1e6);
    }

    /** Stages as people write them, one after the other. */
    private static String dockerfile() {
        StringBuilder text = new StringBuilder("# syntax=docker/dockerfile:1\nARG VERSION=1.2\n");
        for (int stage = 0; stage < 117; stage++) {
            text.append("FROM scratch AS stage").append(stage).append('\n');
            text.append("ARG VERSION\nENV PATH=/usr/bin:/bin HOME=/root V=${VERSION:-0}-").append(stage).append('\n');
            text.append("# what this stage is for\nWORKDIR /src/${V}\n");
            text.append("COPY --chown=1000:1000 a b c/ ./\n");
            text.append("RUN --mount=type=cache,target=/root/.cache make \\\n    -j \\\n    # a comment\n    VERSION=$V \\\n    all\n");
            text.append("RUN <<EOF\nset -e\necho ${V}\nEOF\n");
            text.append("LABEL a=b c=\"d e\"\n");
            text.append(stage == 0 ? "USER 1000\n" : "COPY --from=stage" + (stage - 1) + " /src /from\n");
        }
        for (long lines = text.toString().lines().count(); lines < 2000; lines++) {
            text.append("LABEL line").append(lines).append("=x\n");
        }
        return text.toString();
    }

    private static List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            paths.add("src/module" + i % 40 + "/package" + i % 13 + "/deep/er/File" + i + (i % 3 == 0 ? ".java" : ".class"));
        }
        return paths;
    }

    private static List<String> patterns() {
        List<String> patterns = new ArrayList<>(
                List.of(".git", "**/node_modules", "**/*.log", "**/target/**", "src/module1?/**/*.class", "!**/File9*", "*.md"));
        for (int i = patterns.size(); i < 100; i++) {
            patterns.add(
                    switch (i % 4) {
                        case 0 -> "docs/part" + i;
                        case 1 -> "**/generated" + i + "/*.java";
                        case 2 -> "src/module" + i + "/package?/*";
                        default -> "**/tmp[0-9]" + i + "*";
                    });
        }
        return patterns;
    }
}
