package dev.drydock.scaffold;

/** The page that tells how to use the other files. */
final class ReadmeFile {
    private static final String BUILD = """
            # {{image}} in a container

            These files were written by `drydock init`: `Dockerfile` says how the image is made, `.dockerignore` which files the
            build does not see, `{{compose}}` how the application and its neighbours start together.

            ## Build the image

                drydock build --tag {{image}} .
                drydock images

            `docker build --tag {{image}} .` makes the same image with Docker.
            """;

    private static final String RUN_SERVER = """

            ## Run it

            Drydock builds images; any container runtime runs them:

                drydock save {{image}} | docker load
                docker run --rm --publish {{port}}:{{port}} {{image}}

            With Podman say `podman` for `docker`. The application then answers at http://localhost:{{port}}.

            With Docker Compose one command builds and starts everything that `{{compose}}` names:

                docker compose up --build
            """;

    private static final String RUN = """

            ## Run it

            Drydock builds images; any container runtime runs them:

                drydock save {{image}} | docker load
                docker run --rm {{image}}

            With Podman say `podman` for `docker`.
            """;

    private static final String DEPLOY = """

            ## Give it to others

            Name the image after the registry it is meant for, and hand it over as an archive or through that registry:

                drydock tag {{image}} registry.example.com/team/{{image}}:v1.0.0
                drydock save --output {{image}}.tar registry.example.com/team/{{image}}:v1.0.0

            Does the server that will run it have another processor than this machine (an Apple laptop and an amd64 server, say)?
            Build for that one:

                docker build --platform linux/amd64 --tag {{image}} .

            ## More

            - Reference of the Dockerfile: https://docs.docker.com/go/dockerfile-reference/
            - Guide for your language: https://docs.docker.com/language/
            """;

    private ReadmeFile() {}

    /** For a server. */
    static String of(String image, String port, String composeFile) {
        return filled(BUILD + RUN_SERVER + DEPLOY, image, composeFile).replace("{{port}}", port);
    }

    /** For a program that listens on no port. */
    static String of(String image, String composeFile) {
        return filled(BUILD + RUN + DEPLOY, image, composeFile);
    }

    private static String filled(String text, String image, String composeFile) {
        return text.replace("{{image}}", image).replace("{{compose}}", composeFile);
    }
}
