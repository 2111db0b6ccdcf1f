package dev.drydock.scaffold;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A project of no kind known here: a Dockerfile to start from, which builds and runs as it is. */
final class Other implements Language {
    private static final String DOCKERFILE = """
            # syntax=docker/dockerfile:1

            # Written by drydock init. The comments say what each part is for; change what does not fit your application.
            # Reference: https://docs.docker.com/go/dockerfile-reference/

            ################################################################################
            # What the other stages start from. Choose an image that fits your application.

            FROM debian:bookworm-slim AS base

            ################################################################################
            # The stage that makes the application. This example writes a script; compile or install yours instead.

            FROM base AS build
            COPY --chmod=0755 <<'EOF' /bin/hello.sh
            #!/bin/sh
            echo "Hello from $(whoami)! This is where your application will be."
            EOF

            ################################################################################
            # The stage that becomes the image: a user without rights, and what the build stage made.

            FROM base AS final

            # The application runs as a user that owns nothing, has no password, no home and no shell.
            # https://docs.docker.com/go/dockerfile-user-best-practices/
            ARG UID=10001
            RUN useradd \\
                --uid "${UID}" \\
                --user-group \\
                --no-create-home \\
                --home-dir /nonexistent \\
                --shell /usr/sbin/nologin \\
                --no-log-init \\
                appuser
            USER appuser

            COPY --from=build /bin/hello.sh /bin/

            # What the container runs.
            ENTRYPOINT ["/bin/hello.sh"]
            """;

    @Override
    public String id() {
        return "other";
    }

    @Override
    public String title() {
        return "Other";
    }

    @Override
    public Set<String> reads() {
        return Set.of();
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<String> versionCommand() {
        return List.of();
    }

    @Override
    public boolean detects(ProjectView project) {
        return false;
    }

    @Override
    public Plan plan(ProjectView project, String installed) {
        return new Fixed();
    }

    /** Asks nothing. */
    private record Fixed() implements Plan {
        @Override
        public List<Question> questions() {
            return List.of();
        }

        @Override
        public Proposal propose(Answers answers) {
            Map<String, String> files = new LinkedHashMap<>();
            files.put(".dockerignore", IgnoreFile.of(List.of(), Set.of()));
            files.put("Dockerfile", DOCKERFILE);
            files.put(answers.composeFile(), ComposeFile.of("final"));
            files.put("README.Docker.md", ReadmeFile.of(answers.image(), answers.composeFile()));
            return new Proposal(files, "", List.of());
        }
    }
}
